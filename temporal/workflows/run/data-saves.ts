/**
 * Data of the request that answers bring along, on its way into the store: written once the answer is durable, and before
 * the run goes on. A worker that dies in between writes it again, under the same key.
 */
import { CancellationScope, proxyLocalActivities } from '@temporalio/workflow';
import type { RunData } from '#libs/domain/context/run-data.ts';
import type { LocalActivities } from '#temporal/contract/activities.ts';
import { recordOptions } from '../activity-options.ts';
import { waitUntilDurable } from './until-durable.ts';

const { saveRunData } = proxyLocalActivities<LocalActivities>(recordOptions);

export class DataSaves {
  readonly #runId: string;
  readonly #check: () => Promise<void>;
  #saves: Promise<void>[] = [];

  /**
   * @param runId of the first run of all
   * @param check resolves when the run may save, and rejects when it has ended and does not know
   */
  constructor(runId: string, check: () => Promise<void>) {
    this.#runId = runId;
    this.#check = check;
  }

  /** One after the other: of two answers with the same item, the later one counts. */
  save(values: RunData, key: string): Promise<void> {
    const before = this.#saves.at(-1);
    const saved = CancellationScope.nonCancellable(async () => {
      await Promise.allSettled([waitUntilDurable(), before]);
      await this.#check();
      await saveRunData.executeWithOptions({ summary: 'request data' }, [{ runId: this.#runId, values, key }]);
    });
    // Its failure surfaces where it is awaited; until then it must not count as unhandled.
    saved.catch(() => undefined);
    this.#saves.push(saved);
    return saved;
  }

  /** Nothing was to be saved: no wait is needed. */
  get isEmpty(): boolean {
    return this.#saves.length === 0;
  }

  /** Resolves when all that was to be saved is. Rejects when some of it cannot be. */
  async settled(): Promise<void> {
    await Promise.all(this.#saves);
  }
}
