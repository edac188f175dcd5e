/** What the process does for events that wait for a subscription, started and ended as one. */
import type { Connection } from '@temporalio/client';
import type { DeliveryWorker } from './delivery-worker.ts';
import type { QueueSweeper } from './queue-sweeper.ts';

export interface WebhookRetriesParts {
  worker: Pick<DeliveryWorker, 'start' | 'stop'>;
  sweeper: Pick<QueueSweeper, 'start' | 'stop'>;
  /** Of the client that wakes workflows. */
  temporal: Pick<Connection, 'close'>;
}

export class WebhookRetries {
  readonly #parts: WebhookRetriesParts;

  constructor(parts: WebhookRetriesParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#parts.worker.start();
    this.#parts.sweeper.start();
  }

  /** Attempts under way end first: what came of them is still written. */
  async stop(): Promise<void> {
    const { worker, sweeper, temporal } = this.#parts;
    await Promise.all([sweeper.stop(), worker.stop()]);
    await temporal.close();
  }
}
