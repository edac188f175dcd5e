/** The workflow webhooks as they stand in the store, looked at again every second, and sooner where it matters. */
import { SharedLook } from '#libs/async/shared-look.ts';
import { messageOf } from '#libs/domain/errors/errors.ts';
import type { StoredWorkflowWebhook, WorkflowWebhooks } from '#libs/domain/workflow-webhooks/workflow-webhook.ts';
import type { Logger } from '#libs/telemetry/logger.ts';

/** A change that another process has made is seen after this time at the latest, in milliseconds. */
const refreshMs = 1_000;

export class WebhookCache {
  readonly #webhooks: Pick<WorkflowWebhooks, 'revision' | 'all'>;
  readonly #log: Pick<Logger, 'warn'>;
  #byId: ReadonlyMap<string, StoredWorkflowWebhook> = new Map();
  #revision: number | null = null;
  /** When the last look began that has succeeded, by `performance.now()`. */
  #seenAt = -Infinity;
  #changedAt = -Infinity;
  readonly #look = new SharedLook(() => this.#read());
  #isFailing = false;

  constructor(webhooks: Pick<WorkflowWebhooks, 'revision' | 'all'>, log: Pick<Logger, 'warn'>) {
    this.#webhooks = webhooks;
    this.#log = log;
  }

  /**
   * As it stood a second ago or later, and no earlier than `forget` was called.
   * @throws RetryableError `store_unavailable`: what is known is older, and a key may have been revoked meanwhile
   */
  async get(id: string): Promise<StoredWorkflowWebhook | undefined> {
    const since = Math.max(performance.now() - refreshMs, this.#changedAt);
    // A look under way may have begun before that.
    while (this.#seenAt <= since) await this.#look.join();
    return this.#byId.get(id);
  }

  /** Something has changed: what is known is of no use any more. */
  forget(): void {
    this.#changedAt = performance.now();
  }

  /** Resolves when everything is known that was stored before the call. Callers at the same time share one look. */
  refresh(): Promise<void> {
    return this.#look.refresh();
  }

  async #read(): Promise<void> {
    const at = performance.now();
    try {
      const revision = await this.#webhooks.revision();
      if (revision !== this.#revision) {
        const all = await this.#webhooks.all();
        this.#byId = new Map(all.map((webhook) => [webhook.id, webhook]));
        this.#revision = revision;
      }
      this.#seenAt = at;
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing) this.#log.warn({ err: error }, `workflow webhooks cannot be read: ${messageOf(error)}`);
      this.#isFailing = true;
      throw error;
    }
  }
}
