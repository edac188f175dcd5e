/** What Temporal knows of a run beyond its record: where it stands at this moment, and where to look at it. */
import type { WorkflowClient } from '@temporalio/client';
import { maskText } from '#libs/domain/masking/masking.ts';
import type { ActionOutcome } from '#libs/domain/runs/run.ts';
import { pausedByQuery, progressQuery } from '#temporal/contract/run-messages.ts';

/** A worker answers in milliseconds; the reader of a run does not wait for one that is away. */
const retryMs = 2_000;

export class RunProgressService {
  readonly #client: WorkflowClient;
  readonly #place: string;

  /** @param uiUrl of the Temporal UI */
  constructor(client: WorkflowClient, uiUrl: string, namespace: string) {
    this.#client = client;
    this.#place = `${uiUrl.replace(/\/+$/, '')}/namespaces/${encodeURIComponent(namespace)}/workflows`;
  }

  /** The run in the Temporal UI. */
  link(runId: string): string {
    return `${this.#place}/${encodeURIComponent(runId)}`;
  }

  /** @returns null when neither Temporal nor a worker can say: then the record is all there is */
  async read(runId: string): Promise<RunProgress | null> {
    try {
      const handle = this.#client.getHandle(runId);
      const [outcomes, pausedBy] = await this.#client.withDeadline(Date.now() + retryMs, () =>
        Promise.all([handle.query(progressQuery), handle.query(pausedByQuery)]),
      );
      return { actions: outcomes.map(masked), paused_by: pausedBy };
    } catch {
      // Whatever it was, the answer says that it is not of this moment.
      return null;
    }
  }
}

/** As the run itself tells. */
export interface RunProgress {
  actions: ActionOutcome[];
  /** The operator who has paused it. */
  paused_by: string | null;
}

function masked({ detail, error, ...outcome }: ActionOutcome): ActionOutcome {
  return {
    ...outcome,
    ...(detail !== undefined && { detail: maskText(detail) }),
    ...(error !== undefined && { error: { ...error, message: maskText(error.message) } }),
  };
}
