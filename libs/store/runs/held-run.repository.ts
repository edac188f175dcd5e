/** What is decided about held runs, in the store: of release and discard, one wins. */
import type { Connection } from 'mongoose';
import type { RunInput } from '#libs/domain/runs/run.ts';
import { findById } from '../mongo/by-id.ts';
import { runModel } from './run.model.ts';
import { guarded } from '../mongo/store-error.ts';
import { storeText } from '../mongo/storable-text.ts';

export interface HeldRunStore {
  /**
   * Notes that a held run is released. It stays `held` until `endRelease`, so that a release which was interrupted shows
   * and can be begun again; the first name given stays.
   * @returns what starts the run, or null when it is not held
   */
  beginRelease(executionId: string, by: string): Promise<RunInput | null>;
  /** Its workflow exists. Changes nothing when the run has written its record already. */
  endRelease(executionId: string): Promise<void>;
  /** @returns false when it is not held, or its release has begun */
  discard(executionId: string, by: string): Promise<boolean>;
}

export function createHeldRunStore(connection: Connection): HeldRunStore {
  const runs = runModel(connection);
  const undecided = (_id: string) => ({ _id, status: 'held', 'guard.resolved_by': null }) as const;
  const resolved = (by: string) => ({
    'guard.resolved_by': storeText(by),
    'guard.resolved_at': new Date().toISOString(),
  });

  return guarded<HeldRunStore>({
    async beginRelease(executionId, by) {
      const _id = storeText(executionId);
      await runs.updateOne(undecided(_id), { $set: { reason: 'released', ...resolved(by) } });
      const document = await findById(runs, _id, { status: 1, input: 1 });
      if (document?.status !== 'held' || document.input === undefined) return null;
      return JSON.parse(document.input) as RunInput;
    },

    async endRelease(executionId) {
      await runs.updateOne({ _id: storeText(executionId), status: 'held' }, { $set: { status: 'claimed' } });
    },

    async discard(executionId, by) {
      const end = { status: 'skipped', reason: 'discarded', finished_at: new Date().toISOString() } as const;
      const { matchedCount } = await runs.updateOne(undecided(storeText(executionId)), {
        $set: { ...end, ...resolved(by) },
      });
      return matchedCount === 1;
    },
  });
}
