/** What an event changes of what is on the page. */
import type { Query, QueryClient, QueryKey } from '@tanstack/react-query';
import { isForbidden } from '../shared/client.ts';

/** Of an event as other tabs are told of it, too. Null: events are missing, so that everything may have changed. */
export type Change = { run: string; type: string } | null;

/** So many milliseconds lie between two looks at what changed: a flood of events does not become one of requests. */
const betweenMs = 1_000;
/** Events come in bunches. */
const gatherMs = 100;

const aboutRuns = ['runs'];
const aboutApprovals = ['approvals', 'approval'];

export class LiveQueries {
  readonly #queries: QueryClient;
  #changes: Change[] = [];
  #isUnderWay = false;

  constructor(queries: QueryClient) {
    this.#queries = queries;
  }

  note(change: Change): void {
    this.#changes.push(change);
    if (!this.#isUnderWay) void this.#readAnew();
  }

  /** Waits for what it has asked for: asked again before it is there, a slow list would never come. */
  async #readAnew(): Promise<void> {
    this.#isUnderWay = true;
    await sleep(gatherMs);
    while (this.#changes.length > 0) {
      const changes = this.#changes;
      this.#changes = [];
      const predicate = ({ queryKey, meta, state }: Query): boolean =>
        !isForbidden(state.error) && (meta?.['live'] === true || concerns(queryKey, changes));
      // A query that fails shows it where it is used.
      await Promise.all([this.#queries.invalidateQueries({ predicate }).catch(() => undefined), sleep(betweenMs)]);
    }
    this.#isUnderWay = false;
  }
}

/** Other queries say by `meta: { live: true }` that any event may change them. */
export function concerns([subject, id]: QueryKey, changes: readonly Change[]): boolean {
  return changes.some((change) => {
    if (aboutRuns.includes(String(subject))) return true;
    if (aboutApprovals.includes(String(subject))) return change === null || change.type !== 'WorkflowStarted';
    return String(subject).startsWith('run') && (change === null || change.run === id);
  });
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
