/** What people may do to runs, through the HTTP API, the command line and incoming webhooks. */
import { randomUUID } from 'node:crypto';
import type { WorkflowClient } from '@temporalio/client';
import { isForBrand, type Approval, type Authority, type Person } from '#libs/domain/approvals/approval.ts';
import type { AuditEvent, AuditOperation, Audited } from '#libs/domain/access/audit-log.ts';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import { maskText, maskValue } from '#libs/domain/masking/masking.ts';
import { goesBy } from '#libs/domain/access/person-names.ts';
import type { RunRecord } from '#libs/domain/runs/run.ts';
import {
  answerUpdate,
  cancelApprovalUpdate,
  cancelledBySignal,
  pauseUpdate,
  reassignUpdate,
  resumeUpdate,
  type AnswerInput,
  type AnswerResult,
  type CancelApprovalInput,
  type CancelRequest,
  type Command,
  type ReassignInput,
  type Refusal,
  type ControlInput,
} from '#temporal/contract/run-messages.ts';
import { askTemporal, commandId, ended, sendCommand } from './commands.ts';
import { createRetry, type RetryPorts } from './retry-run.ts';
import { ServerClock } from './server-clock.ts';

/**
 * Each method resolves when the run has taken the command, and throws a PermanentError otherwise: one of the codes of
 * `Refusal`, or `run_not_found`. RetryableError `temporal_unavailable`: nothing was done, and nothing will be;
 * `outcome_unknown`: the outcome is not known. In both cases the same command may be sent again: done twice it is done once.
 * @param key names the command, as its sender repeats it; null = by what it says
 */
export interface RunControl {
  /**
   * With `parameters`, resolves when they are saved.
   * @param asked the question with this token, if the caller has read it
   */
  answer(input: Unsent<AnswerInput>, key?: string | null, asked?: Approval): Promise<AnswerResult>;
  reassign(input: Unsent<ReassignInput>, key?: string | null): Promise<void>;
  pause(runId: string, by: Person, reason: string | null, key?: string | null): Promise<void>;
  resume(runId: string, by: Person, reason: string | null, key?: string | null): Promise<void>;
  /** Leaves a waiting action along its exception path. Whether the authority is right, the caller has found out. */
  cancelApproval(input: Unsent<CancelApprovalInput>, key?: string | null): Promise<void>;
  cancel(runId: string, by: Person, reason: string | null, key?: string | null, more?: CancelOptions): Promise<void>;
  /**
   * Goes on with a failed run at the action that failed, with the rule it had: as a run of its own, whose record names
   * the one it goes on with. @returns its id
   */
  retry(runId: string, by: Person, reason: string | null, key?: string | null): Promise<string>;
}

export interface CancelOptions {
  /** That the directory gives this person; absent: the role of the session decides. */
  authority?: Authority;
  /** Whether those who are asked by an open approval are told. */
  notifiesParticipants?: boolean;
}

type Unsent<Input extends Command> = Omit<Input, 'validUntil'>;

export interface RunControlPorts extends RetryPorts {
  client: WorkflowClient;
  approvals: { get(token: string): Promise<Approval | null> };
  /** Every name of a person, among them the keys that they made and that `keys` names. */
  namesOf: (userId: string, keys: readonly string[]) => Promise<string[]>;
  audited: Audited;
  /** How long a command may take to reach its run and come back, and is valid, in milliseconds. */
  commandTimeoutMs: number;
  /**
   * How long the server's clock, once asked for, is taken to go on, and a worker to be there, in milliseconds; by default
   * as long as a command may take. In that time the first command that finds no worker ends as `outcome_unknown`.
   */
  clockTrustedMs?: number;
}

export function createRunControl(ports: RunControlPorts): RunControl {
  const {
    client,
    approvals,
    records,
    namesOf,
    audited,
    commandTimeoutMs: timeoutMs,
    clockTrustedMs = timeoutMs,
  } = ports;
  const retry = createRetry(ports);
  const clock = new ServerClock(client, clockTrustedMs);

  /** A question of a brand that the person does not work for is as good as none. */
  const findAsked = async ({ token, by }: Pick<AnswerInput, 'token' | 'by'>, asked?: Approval): Promise<Approval> => {
    const approval = asked?.token === token ? asked : await approvals.get(token);
    if (approval === null || !isForBrand(by.brands, approval.tenant)) {
      throw refused('approval_conflict', 'No run waits for an answer with this token. It is wrong or used');
    }
    return approval;
  };

  const named = async (by: Person, forbidden: readonly string[] = []): Promise<Person> => {
    return { ...by, names: await namesOf(by.userId, forbidden) };
  };

  /** A run that is retried or cancelled cannot look at who asks for it: it is ended, or about to be. */
  const controllable = async (
    runId: string,
    { userId, role, brands }: Person,
    authority?: Authority,
  ): Promise<RunRecord> => {
    const record = await records.get(runId);
    if (record === null || !isForBrand(brands, record.brand)) {
      throw new PermanentError('run_not_found', `There is no run "${runId}"`);
    }
    if (authority === undefined && role === administrator) return record;
    if (authority !== undefined && mayCancelRuns.includes(authority)) return record;
    throw refused('not_entitled', `${userId} is no administrator`);
  };

  const control = async (
    what: 'pause' | 'resume',
    runId: string,
    { by, reason }: Unsent<ControlInput>,
    key: string | null,
  ): Promise<void> => {
    const event = buildAuditEvent(`run.${what}`, await controllable(runId, by), by, { reason });
    const input = { by: await named(by), reason };
    const update = what === 'pause' ? pauseUpdate : resumeUpdate;
    // Pausing again after a resume is another command, unless its sender says otherwise.
    const id = commandId(what, runId, by.userId, key ?? randomUUID());
    await audited(event, () => sendCommand(client, runId, update, input, { id, timeoutMs, clock }));
  };

  const answer = async (
    given: Unsent<AnswerInput>,
    key: string | null,
    asked: Approval | undefined,
  ): Promise<AnswerResult> => {
    const { token, by, parameters, ...said } = given;
    const { run_id, tenant: brand, forbidden_users } = await findAsked(given, asked);
    const input = { ...given, by: await named(by, forbidden_users) };
    const id = commandId('answer', token, by.userId, said.decision, key, ...(parameters ? [parameters] : []));
    // Values of the request's data are in its data alone.
    const what = { ...said, ...(parameters !== undefined && { parameters: Object.keys(parameters) }) };
    return audited(buildAuditEvent('approval.answer', { run_id, brand }, by, what), async () => {
      if (forbidden_users.some((user) => goesBy(input.by, user))) {
        throw refused('not_entitled', `${by.userId} set this run off and may not approve it`);
      }
      try {
        return await sendCommand(client, run_id, answerUpdate, input, { id, timeoutMs, clock });
      } catch (error) {
        if (!isOver(error)) throw error;
        return answerGiven(await approvals.get(token), input);
      }
    });
  };

  const reassign = async (given: Unsent<ReassignInput>, key: string | null): Promise<void> => {
    const { token, by, ...what } = given;
    const { run_id, tenant: brand } = await findAsked(given);
    const input = { ...given, by: await named(by) };
    const id = commandId('reassign', token, by.userId, key ?? randomUUID());
    await audited(buildAuditEvent('approval.reassign', { run_id, brand }, by, what), async () => {
      try {
        await sendCommand(client, run_id, reassignUpdate, input, { id, timeoutMs, clock });
      } catch (error) {
        throw isOver(error) ? refused('approval_conflict', noMore) : error;
      }
    });
  };

  const cancelApproval = async (given: Unsent<CancelApprovalInput>, key: string | null): Promise<void> => {
    const { token, by, ...what } = given;
    const { run_id, tenant: brand } = await findAsked(given);
    const input = { ...given, by: await named(by) };
    const id = commandId('cancelApproval', token, by.userId, what.type, key);
    await audited(buildAuditEvent('approval.cancel', { run_id, brand }, by, what), async () => {
      try {
        await sendCommand(client, run_id, cancelApprovalUpdate, input, { id, timeoutMs, clock });
      } catch (error) {
        if (!isOver(error)) throw error;
        const { exception, ...approval } = (await approvals.get(token)) ?? {};
        if (exception?.type !== input.type || !goesBy(input.by, exception.by)) throw answeredNoMore(approval);
      }
    });
  };

  return {
    answer: (given, key = null, asked) => {
      const data = maskValue(given.data) as AnswerInput['data'];
      return answer({ ...given, comment: masked(given.comment), data }, key, asked);
    },
    reassign: (given, key = null) => reassign({ ...given, reason: masked(given.reason) }, key),
    cancelApproval: (given, key = null) => {
      const { message, source } = given;
      return cancelApproval({ ...given, message: masked(message), source: masked(source) }, key);
    },
    pause: (runId, by, reason, key = null) => control('pause', runId, { by, reason: masked(reason) }, key),
    resume: (runId, by, reason, key = null) => control('resume', runId, { by, reason: masked(reason) }, key),
    async cancel(runId, by, reason, _key, { authority, notifiesParticipants } = {}) {
      const record = await controllable(runId, by, authority);
      if (record.finished_at !== null) {
        if (wasCancelledBy(record, await named(by))) return;
        throw refused('run_conflict', `The run has ended: ${record.status}`);
      }
      const wish = notifiesParticipants === undefined ? {} : { notifiesParticipants };
      const note: CancelRequest = { by: by.userId, reason: masked(reason), ...wish };
      const what = { reason: note.reason, ...(authority !== undefined && { authority }), ...wish };
      const handle = client.getHandle(runId);
      await audited(buildAuditEvent('run.cancel', record, by, what), async () => {
        await askTemporal(client, timeoutMs, () => handle.signal(cancelledBySignal, note));
        await askTemporal(client, timeoutMs, () => handle.cancel());
      });
    },
    async retry(runId, by, reason) {
      const record = await controllable(runId, by);
      const why = masked(reason);
      return audited(buildAuditEvent('run.retry', record, by, { reason: why }), async () =>
        retry(record, await named(by), why),
      );
    },
  };
}

/** The run has ended, and the inbox tells how the question was closed. An answer that was taken before is taken. */
function answerGiven(approval: Approval | null, { by, decision }: AnswerInput): AnswerResult {
  const given = approval?.answers.find((one) => goesBy(by, one.by) || goesBy(by, one.person));
  if (approval != null && given?.decision === decision) {
    const approved = approval.answers.filter((one) => one.decision === 'approve').length;
    return { state: approval.state, approved, required: approval.required };
  }
  throw answeredNoMore(approval ?? {});
}

function answeredNoMore({ state, expires_at }: Partial<Approval>): PermanentError {
  if (state !== 'expired') return refused('approval_conflict', noMore);
  return refused('approval_expired', `The time to answer was over at ${expires_at ?? ''}`);
}

function wasCancelledBy({ error, interventions = [] }: RunRecord, by: Person): boolean {
  const last = interventions.findLast(({ what }) => what === 'cancel');
  return error?.code === 'Cancelled' && last !== undefined && goesBy(by, last.by);
}

function buildAuditEvent(
  operation: AuditOperation,
  { run_id, brand }: Pick<RunRecord, 'run_id' | 'brand'>,
  { userId: by }: Person,
  what: object,
): AuditEvent {
  return { operation, target: `run/${run_id}`, brand, by, what };
}

/** What people write ends up in Temporal's history, the run log and events. */
function masked(text: string | null): string | null {
  return text === null ? null : maskText(text);
}

const administrator = 'SESSION_ADMIN';
const mayCancelRuns: readonly Authority[] = ['administrator', 'folder_manager', 'supervisor', 'initiator'];
const noMore = 'The run waits for no answer any more: it has ended';

function isOver(error: unknown): boolean {
  return error instanceof PermanentError && error.message === ended;
}

function refused(code: Refusal, message: string): PermanentError {
  return new PermanentError(code, message);
}
