/**
 * What a run writes of its own record. Each run writes at least once, so this is the dearest regular write of the
 * store: writes that arrive while one is under way go out together.
 */
import type { Connection } from 'mongoose';
import { PermanentError } from '#libs/domain/errors.ts';
import type { RunPatch } from '#libs/domain/run.ts';
import { findById } from './by-id.ts';
import { gather } from './gather.ts';
import { collectionOf } from './model.ts';
import { runModel } from './run.model.ts';
import { guarded } from './store-error.ts';
import { storeText, storeValue } from './store-text.ts';

export interface RunRecorder {
  /**
   * Writes the run's part of its record. Idempotent; once a terminal status is written, nothing changes any more
   * (an attempt that was thought lost may arrive late).
   * @throws PermanentError `run_not_found` when no such run was ever claimed
   */
  write(executionId: string, patch: RunPatch): Promise<void>;
}

interface Write {
  id: string;
  patch: RunPatch;
}

// A held run that writes has been released: only its record does not say so yet.
const open = ['claimed', 'held', 'running', 'paused'] as const;
/** One request at a time would halve the throughput: the server carries out the updates of a request in turn. */
const batching = { requests: 4, items: 100 };

export function createRunRecorder(connection: Connection): RunRecorder {
  const runs = collectionOf(runModel(connection));

  const requireRun = async (id: string): Promise<Error | null> => {
    if ((await findById(runs, id, { status: 1 })) !== null) return null;
    return new PermanentError('run_not_found', `There is no run record "${id}".`);
  };

  const send = async (writes: Write[]): Promise<(Error | null)[]> => {
    const updates = writes.map(({ id, patch }) => ({
      updateOne: { filter: { _id: id, status: { $in: [...open] } }, update: { $set: patch } },
    }));
    const { matchedCount } = await runs.bulkWrite(updates, { ordered: false });
    // The server tells only how many were found. Those that were not are ended already or were never there.
    if (matchedCount === writes.length) return writes.map(() => null);
    return Promise.all(writes.map(({ id }) => requireRun(id)));
  };
  const write = gather(send, batching);

  return guarded<RunRecorder>({
    async write(executionId, patch) {
      const { status, started_at, finished_at, duration_ms, error, actions, reason, interventions } = patch;
      await write({
        id: storeText(executionId),
        patch: storeValue({
          status,
          started_at,
          finished_at,
          duration_ms,
          error,
          actions,
          ...(reason !== undefined && { reason }),
          ...(interventions !== undefined && { interventions }),
        }),
      });
    },
  });
}
