/** How the start looks in a terminal: narrow, aligned, readable without colours. */
import type { Approval } from '#libs/domain/approvals/approval.ts';
import type { ActionOutcome, RunRecord } from '#libs/domain/runs/run.ts';
import type { ArrivedMessage } from './example.receiver.ts';

export type Paint = Record<'bold' | 'dim' | 'good' | 'bad' | 'warn', (text: string) => string>;

const codes = { bold: 1, dim: 2, good: 32, bad: 31, warn: 33 } as const;

/** Colours only for a person: a terminal, and none of the variables that refuse them. */
export function paintFor(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv): Paint {
  const colours = stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  const style = (code: number) => (text: string) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);
  return {
    bold: style(codes.bold),
    dim: style(codes.dim),
    good: style(codes.good),
    bad: style(codes.bad),
    warn: style(codes.warn),
  };
}

const indent = '   ';
const typeWidth = 'customer.set_risk_level'.length;
const statusWidth = 'completed'.length;

export interface ActionLine {
  rule: string;
  index: number;
  total: number;
  type: string;
  status: string;
  detail: string;
}

export class ExampleLines {
  readonly #paint: Paint;
  readonly #columns: number;
  #names = 0;

  /** @param columns width of the terminal; longer details are cut */
  constructor(paint: Paint, columns: number) {
    this.#paint = paint;
    this.#columns = columns;
  }

  event(number: number, about: string, facts: string): string {
    return `\n${this.#paint.bold(`${String(number).padStart(2)} ${about}`)}\n${indent}${this.#paint.dim(facts)}`;
  }

  /** Rules that run for the event. Where there are several, the lines that follow say which one they are about. */
  matched(names: string[]): string {
    this.#names = names.length > 1 ? Math.max(...names.map((name) => name.length)) + 2 : 0;
    return `${indent}${names.length === 0 ? 'no rule runs' : `matched: ${names.join(', ')}`}`;
  }

  action({ rule, index, total, type, status, detail }: ActionLine): string {
    const left = `${indent}${this.#name(rule)}${index + 1}/${total}  ${type.padEnd(typeWidth)}  `;
    return `${left}${this.#status(status)}  ${this.#cut(detail, left.length + statusWidth + 2)}`.trimEnd();
  }

  /** @param stoppedBy name of the rule that held a skipped run back */
  run(run: RunRecord, stoppedBy: string | null): string {
    if (run.status === 'skipped') {
      const by = stoppedBy === null ? (run.reason ?? 'another rule') : `"${stoppedBy}"`;
      return `${indent}${this.#status('skipped', false)}: ${run.rule_name}, held back by ${by}`;
    }
    const took = run.duration_ms === null ? '' : ` in ${milliseconds(run.duration_ms)}`;
    const why = run.error === null ? '' : `: ${run.error.code}`;
    return `${indent}${this.#name(run.rule_name)}run ${this.#status(run.status, false)}${took}${why}`;
  }

  /** A run that waits for people, and how they answer. */
  waits({ title, approvers, token }: Pick<Approval, 'title' | 'approvers' | 'token'>, api: string): string {
    const whom = [...approvers.users, ...approvers.roles].join(', ');
    const body = `'{"decision":"approve"}'`;
    return [
      `${indent}${this.#paint.warn('paused')}: "${title}" waits for ${whom}. To answer:`,
      `${indent}  npm run -s signalbox -- approvals approve ${token} --as alice --role SESSION_ADMIN`,
      `${indent}  curl -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" -d ${body} \\`,
      `${indent}    ${api}/api/workflow/approvals/${token}`,
    ].join('\n');
  }

  /** What has reached a customer. */
  message({ channel, to, text }: ArrivedMessage): string {
    const left = `${channel} to ${to}: `;
    return `${indent}${this.#paint.dim(left + this.#cut(text, indent.length + left.length))}`;
  }

  warning(text: string): string {
    return `${indent}${this.#paint.warn('warning')}: ${this.#cut(text, indent.length + 'warning: '.length)}`;
  }

  difference(text: string): string {
    return `${indent}${this.#paint.bad('not as expected')}: ${text}`;
  }

  #name(rule: string): string {
    return this.#names === 0 ? '' : rule.padEnd(this.#names);
  }

  #cut(text: string, taken: number): string {
    return cut(text, Math.max(this.#columns - taken, 20));
  }

  #status(status: string, aligned = true): string {
    const paint = status === 'completed' ? this.#paint.good : status === 'failed' ? this.#paint.bad : this.#paint.warn;
    return paint(aligned ? status.padEnd(statusWidth) : status);
  }
}

/** What an action's record says in one line. */
export function actionLine(rule: string, total: number, action: ActionOutcome): ActionLine {
  const { index, type, status } = action;
  return { rule, index, total, type, status, detail: action.error?.message ?? action.detail ?? '' };
}

export function milliseconds(duration: number): string {
  return duration < 1000 ? `${Math.round(duration)} ms` : `${(duration / 1000).toFixed(1)} s`;
}

function cut(text: string, length: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}
