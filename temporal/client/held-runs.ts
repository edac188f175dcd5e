/**
 * Releases and discards runs that the limit of their rule holds. Both may be repeated, by anybody and after any
 * interruption: a released run starts once, under the id it always had, and what is discarded never starts.
 *
 * A run is started from what was decided about its event; changing, archiving or deleting its rule does not matter.
 * Released runs count towards no limit: a person has looked at them.
 */
import type { AuditEvent, Audited } from '#libs/domain/access/audit-log.ts';
import { messageOf, PermanentError, RetryableError, SignalboxError } from '#libs/domain/errors/errors.ts';
import type { RunInput, RunPatch, RunRecord } from '#libs/domain/runs/run.ts';
import type { HeldRunStore } from '#libs/store/runs/held-run.repository.ts';
import { mapLimited } from '#libs/async/map-limited.ts';
import type { RunFilter, RunRecords } from '#libs/store/runs/run-log.repository.ts';
import { unansweredCode } from './commands.ts';
import { refusedEnd, type RunStarter } from './run-starter.ts';

export interface HeldRunsPorts {
  store: HeldRunStore;
  records: Pick<RunRecords, 'get' | 'listHeld'>;
  starter: RunStarter;
  /** Ends the record of a run that Temporal will never take. */
  failRun: (executionId: string, patch: RunPatch) => Promise<void>;
  audited: Audited;
}

/** `refused`: Temporal will never take the run; its record says why. */
export type ReleaseOutcome = 'released' | 'already_released' | 'refused';
export type DiscardOutcome = 'discarded' | 'already_discarded';

export interface HeldRuns {
  /** @throws PermanentError `run_not_found`, `run_not_held`; RetryableError `temporal_unavailable`, and it stays held; `outcome_unknown` */
  release(executionId: string, by: string): Promise<ReleaseOutcome>;
  /** @throws PermanentError `run_not_found`, `run_not_held` */
  discard(executionId: string, by: string): Promise<DiscardOutcome>;
  /** All that are held now, oldest first. @throws RetryableError; what is not yet released stays held */
  releaseAll(filter: HeldFilter, by: string): Promise<{ released: number; refused: number }>;
  /** All that are held now and whose release has not begun. */
  discardAll(filter: HeldFilter, by: string): Promise<{ discarded: number }>;
}

/** Of which rule; `brand` as in `RunFilter`. */
export type HeldFilter = Pick<RunFilter, 'ruleId' | 'brand'>;

const pageSize = 200;

export function createHeldRuns({ store, records, starter, failRun, audited }: HeldRunsPorts): HeldRuns {
  /** Null: it is not held. */
  const release = async (executionId: string, by: string): Promise<ReleaseOutcome | null> => {
    const input = await store.beginRelease(executionId, by);
    if (input === null) return null;
    const refusal = await start(input);
    if (refusal === null) await store.endRelease(executionId);
    else await failRun(executionId, refusedEnd(refusal));
    return refusal === null ? 'released' : 'refused';
  };

  const start = async (input: RunInput): Promise<SignalboxError | null> => {
    try {
      await starter.start(input);
      return null;
    } catch (error) {
      if (error instanceof SignalboxError && !error.retryable) return error;
      const message = `Temporal cannot be reached: ${messageOf(error)}. Run "${input.executionId}" stays held: release it again.`;
      throw new RetryableError(unansweredCode(error), message, { cause: error });
    }
  };

  const all = async <Outcome>(filter: HeldFilter, resolve: (id: string) => Promise<Outcome>): Promise<Outcome[]> => {
    // Runs that are held from now on have not been looked at.
    const held = { ...filter, to: new Date().toISOString() };
    const outcomes: Outcome[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await records.listHeld(held, { limit: pageSize, ...(cursor !== undefined && { cursor }) });
      outcomes.push(...(await mapLimited(page.items, ({ run_id }) => resolve(run_id))));
      cursor = page.nextCursor;
    }
    return outcomes;
  };

  const known = async (executionId: string): Promise<RunRecord> => {
    const record = await records.get(executionId);
    if (record === null) throw new PermanentError('run_not_found', `There is no run "${executionId}".`);
    return record;
  };

  return {
    async release(executionId, by) {
      const { run_id, brand } = await known(executionId);
      return audited({ operation: 'run.release', target: `run/${run_id}`, brand, by }, async () => {
        const outcome = await release(executionId, by);
        if (outcome !== null) return outcome;
        const record = await known(executionId);
        if (record.reason === 'released') return 'already_released';
        throw notHeld(record);
      });
    },

    async discard(executionId, by) {
      const { run_id, brand } = await known(executionId);
      return audited({ operation: 'run.discard', target: `run/${run_id}`, brand, by }, async () => {
        if (await store.discard(executionId, by)) return 'discarded';
        const record = await known(executionId);
        if (record.reason === 'discarded') return 'already_discarded';
        throw notHeld(record);
      });
    },

    async releaseAll(filter, by) {
      const outcomes = await audited(noteOfAll('run.release', filter, by), () => all(filter, (id) => release(id, by)));
      const count = (wanted: ReleaseOutcome): number => outcomes.filter((outcome) => outcome === wanted).length;
      return { released: count('released'), refused: count('refused') };
    },

    async discardAll(filter, by) {
      const outcomes = await audited(noteOfAll('run.discard', filter, by), () =>
        all(filter, (id) => store.discard(id, by)),
      );
      return { discarded: outcomes.filter(Boolean).length };
    },
  };
}

/** One for all of them; each run's record says by whom, too. */
function noteOfAll(operation: 'run.release' | 'run.discard', { ruleId, brand }: HeldFilter, by: string): AuditEvent {
  const [only = null, ...others] = [brand ?? []].flat();
  const brands = { brand: others.length === 0 ? only : null };
  return {
    operation,
    target: `rule/${ruleId}`,
    ...brands,
    by,
    what: { held_runs: 'all', ...(brand !== undefined && { brand }) },
  };
}

function notHeld({ run_id, status, reason, guard }: RunRecord): PermanentError {
  const who = guard?.resolved_by == null ? '' : ` by ${guard.resolved_by}`;
  const state = reason === 'released' || reason === 'discarded' ? `${reason}${who}` : status;
  return new PermanentError('run_not_held', `Run "${run_id}" is not held: it is ${state}.`);
}
