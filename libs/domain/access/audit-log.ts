/** Who changed what, and when: a record that is only ever added to. */
import { SignalboxError } from '../errors/errors.ts';
import { maskValue } from '../masking/masking.ts';
import { writeJson } from '../json/stringify-json.ts';

export const auditOperations = [
  'rule.create',
  'rule.update',
  'rule.archive',
  'rule.delete',
  'rule.override',
  'run.pause',
  'run.resume',
  'run.cancel',
  'run.retry',
  'run.release',
  'run.discard',
  'bulk.start',
  'bulk.stop',
  'approval.answer',
  'approval.reassign',
  'approval.cancel',
  'backtest.start',
  'backtest.cancel',
  'api_key.create',
  'api_key.revoke',
  'directory.load',
  'task.close',
  'notification.read',
  'event.retry',
  'events.reprocess',
  'dead_letter.resend',
  'subscription.create',
  'subscription.update',
  'subscription.pause',
  'subscription.resume',
  'subscription.rotate',
  'subscription.test',
  'subscription.delete',
  'subscription.resend',
  'subscription.redeliver',
  'subscription.warn',
  'subscription.disable',
  'webhook.create',
  'webhook.update',
  'webhook.rotate',
  'webhook.revoke',
  'webhook.delete',
  'hook.create',
  'hook.update',
  'hook.enable',
  'hook.disable',
  'hook.regenerate',
  'hook.delete',
  'hook.execute',
] as const;
export type AuditOperation = (typeof auditOperations)[number];

/** What is about to be done. Rules are the exception: theirs is noted as part of the change itself. */
export interface AuditEvent {
  operation: AuditOperation;
  /** Such as `rule/vip-deposit`, `run/{run id}`. */
  target: string;
  /** The only brand it is about; null = several, or none. */
  brand: string | null;
  by: string;
  /** What was asked for; nothing secret of it is kept. */
  what?: unknown;
  /** Names an act that changes something once: noted again, as from two tabs at once, it is the same entry. */
  once?: string;
}

export interface AuditEntry extends Omit<AuditEvent, 'what' | 'once'> {
  audit_id: string;
  /** ISO 8601 UTC. */
  at: string;
  what: unknown;
  /** Of a rule: the version that it made. */
  rule_version: number | null;
  /**
   * `refused`, `failed`: nothing was done. `unknown`: the process ended before it could say, or was not told; what it
   * is about tells.
   */
  outcome: 'done' | 'refused' | 'failed' | 'unknown';
  /** Why it was refused or failed. */
  code: string | null;
}

/** Fields left out filter nothing. */
export interface AuditFilter {
  by?: string;
  target?: string;
  operation?: AuditOperation;
  /** A list = any of them. */
  brand?: string | string[];
  /** ISO 8601 UTC; `from` included, `to` not. */
  from?: string;
  to?: string;
}

export interface AuditTrail {
  /** @returns the id of the entry. @throws RetryableError `store_unavailable`: then nothing may be done */
  begin(note: AuditEvent): Promise<string>;
  end(auditId: string, outcome: Pick<AuditEntry, 'outcome' | 'code'>): Promise<void>;
}

/** For what the system does by itself. */
export interface SystemAudit {
  /** On record as done, once for each id, which follows from what is done. @throws RetryableError `store_unavailable` */
  note(id: string, note: AuditEvent): Promise<void>;
}

/** Characters of what was asked for, as JSON. */
const maxDetailLength = 8_192;

/** Does something that changes something, on record. @throws what `act` throws, or `begin`: then nothing was done */
export type Audited = <Result>(note: AuditEvent, act: () => Promise<Result>) => Promise<Result>;

/**
 * Noted before it is done, so that nothing is done that is not noted, and its outcome after.
 * @param onAuditFailure told of an outcome that could not be noted: what was done stays done, its entry stays `unknown`
 */
export function createAudited(trail: AuditTrail, onAuditFailure: (error: unknown) => void): Audited {
  return async (note, act) => {
    const id = await trail.begin(note);
    const end = (outcome: AuditEntry['outcome'], code: string | null): Promise<void> =>
      trail.end(id, { outcome, code }).catch(onAuditFailure);
    try {
      const result = await act();
      await end('done', null);
      return result;
    } catch (error) {
      // An act that is named may be tried again, and its entry then says that it was done.
      if (note.once === undefined) await end(toOutcome(error), toCode(error));
      throw error;
    }
  };
}

/** What is kept of it: masked, as JSON text, and null where it is too long. */
export function auditText(what: unknown): string | null {
  if (what === undefined) return null;
  // Before it is masked: that takes longer than writing it.
  if (writeJson(what).length > maxDetailLength) return null;
  const text = writeJson(maskValue(what));
  return text.length > maxDetailLength ? null : text;
}

/** Codes that say for certain that nothing was done. */
const undone: readonly string[] = ['temporal_unavailable', 'rules_busy', 'session_keys_unavailable'];

/** A refusal changes nothing; after any other error the outcome is unknown. */
function toOutcome(error: unknown): AuditEntry['outcome'] {
  if (!(error instanceof SignalboxError)) return 'unknown';
  if (!error.retryable) return 'refused';
  return undone.includes(error.code) ? 'failed' : 'unknown';
}

function toCode(error: unknown): string {
  return error instanceof SignalboxError ? error.code : 'internal_error';
}
