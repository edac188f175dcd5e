/** The actions of a run and what became of each of them. */
import type { ActionOutcome, RunInput } from '#libs/domain/runs/run.ts';

/** What a finished action adds to its outcome. */
export type ActionEnd = Pick<ActionOutcome, 'status' | 'attempts' | 'detail' | 'report' | 'error'>;

const signs: Record<ActionOutcome['status'], string> = {
  completed: '✅',
  failed: '❌',
  skipped: '➖',
  running: '▶️',
  not_run: '▫️',
};

export class ActionProgress {
  readonly #title: string;
  readonly #outcomes: ActionOutcome[];

  /** @param before outcomes of the first actions, when the run goes on with one that failed */
  constructor(rule: RunInput['rule'], before: readonly ActionOutcome[] = []) {
    this.#title = `**${plain(rule.name)}**, version ${rule.version}`;
    this.#outcomes = rule.actions.map(
      ({ type }, index): ActionOutcome =>
        before[index] ?? { index, type, status: 'not_run', attempts: 0, started_at: null, finished_at: null },
    );
  }

  get outcomes(): readonly ActionOutcome[] {
    return this.#outcomes;
  }

  begin(index: number): void {
    this.#change(index, { status: 'running', started_at: now() });
  }

  end(index: number, end: ActionEnd): ActionOutcome {
    return this.#change(index, { ...end, finished_at: now() });
  }

  /** What became of an action that was executed elsewhere, whole. */
  closeApproval(outcome: ActionOutcome): ActionOutcome {
    return this.#change(outcome.index, outcome);
  }

  /** Markdown for the Temporal UI: every action, where the chain stands and what it waits for. */
  describe(waitsFor?: string): string {
    const lines = this.#outcomes.map((outcome) => {
      const note = outcome.error?.message ?? outcome.detail ?? (outcome.status === 'running' ? waitsFor : undefined);
      return `${outcome.index + 1}. ${signs[outcome.status]} ${plain(outcome.type)}${note ? `: ${plain(note)}` : ''}`;
    });
    return `${this.#title}\n\n${lines.join('\n')}`;
  }

  #change(index: number, change: Partial<ActionOutcome>): ActionOutcome {
    const outcome = this.#outcomes[index];
    if (outcome === undefined) throw new RangeError(`no action ${index}`);
    // A new object: an earlier copy may still wait to leave the sandbox.
    return (this.#outcomes[index] = { ...outcome, ...change });
  }
}

/** Workflow time: the same on every replay. */
export function now(): string {
  return new Date().toISOString();
}

/** Text written by other people, without meaning in markdown and on one line. */
function plain(text: string): string {
  return text.replace(/[\\`*_[\]<>|#]/g, '\\$&').replace(/\s+/g, ' ');
}
