import type { RunRecord } from '#libs/domain/runs/run.ts';
import type { RunRecords } from '#libs/store/runs/run-log.repository.ts';
import { ApiError } from '../http/api.error.ts';
import { maySee } from '../auth/brand-scope.ts';
import type { Session } from '../auth/authenticate.ts';

export type RunReader = Pick<RunRecords, 'get' | 'list' | 'listHeld' | 'count'>;

/** @throws ApiError 404 `run_not_found`, also for one of a brand the session is not for: its id alone tells something */
export async function visibleRun(runs: RunReader, session: Session, id: string): Promise<RunRecord> {
  const run = await runs.get(id);
  if (run === null || !maySee(session, run.brand)) throw new ApiError(404, 'run_not_found', 'There is no such run.');
  return run;
}
