/** What an approver has to know: what the run was decided on, and what follows an answer. */
import { approvalRequest } from '#libs/domain/approvals/approval-params.ts';
import type { Approval } from '#libs/domain/approvals/approval.ts';
import type { RuntimeContext } from '#libs/domain/context/evaluation-context.ts';
import { maskText, maskValue } from '#libs/domain/masking/masking.ts';
import type { RunAction, RunInput } from '#libs/domain/runs/run.ts';
import { shorten } from '#libs/domain/values/shorten.ts';
import type { RetryStore } from '#libs/store/runs/retry.repository.ts';
import type { RunReader } from '../runs/run.reader.ts';
import type { BackgroundView } from './approval.schema.ts';

/** Facts of one approval, and characters of one of them. */
const maxFacts = 50;
const maxText = 500;
const maxDetail = 200;

/** In what an action says for itself, the first of these parameters that it has. */
const telling = ['title', 'subject', 'status', 'body', 'message', 'template', 'endpoint', 'url', 'reason', 'duration'];

export interface BackgroundPorts {
  runs: Pick<RunReader, 'get'>;
  inputs: Pick<RetryStore, 'inputOf'>;
}

export class ApprovalBackground {
  readonly #ports: BackgroundPorts;

  constructor(ports: BackgroundPorts) {
    this.#ports = ports;
  }

  /** @returns null when what started the run is kept no longer */
  async get({ run_id, action }: Pick<Approval, 'run_id' | 'action'>): Promise<BackgroundView | null> {
    const run = await this.#ports.runs.get(run_id);
    const input = run && (await this.#ports.inputs.inputOf(run));
    const asking = input?.rule.actions[action];
    if (input === null || asking?.type !== 'approval.request') return null;
    return { trigger_event: input.event.trigger, facts: toFacts(input.context), ...toOutlook(input, asking, action) };
  }
}

type Outlook = Pick<BackgroundView, 'on_approve' | 'on_reject' | 'on_expire'>;

function toOutlook({ rule }: RunInput, { params }: RunAction, action: number): Outlook {
  const { onReject, onExpire, expiresInMs } = approvalRequest(params);
  const following = rule.actions.map(({ type, params: given }, index) => ({ index, type, detail: detailOf(given) }));
  return {
    on_approve: following.slice(action + 1),
    on_reject: onReject,
    on_expire: expiresInMs === null ? null : onExpire,
  };
}

function detailOf(params: Record<string, unknown>): string | null {
  const said = telling.map((name) => params[name]).find((value) => typeof value === 'string' && value !== '');
  return typeof said === 'string' ? shorten(maskText(said), maxDetail) : null;
}

function toFacts({ amount_usd, event, transaction = {} }: RuntimeContext): BackgroundView['facts'] {
  const groups = { ...(amount_usd !== undefined && { '': { amount_usd } }), event, transaction };
  const facts = Object.entries(groups).flatMap(([group, values]) =>
    Object.entries(maskValue(values) as Record<string, unknown>).flatMap(([name, value]) =>
      isFact(value)
        ? [
            {
              field: group === '' ? name : `${group}.${name}`,
              value: typeof value === 'string' ? shorten(value, maxText) : value,
            },
          ]
        : [],
    ),
  );
  return facts.slice(0, maxFacts);
}

function isFact(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
