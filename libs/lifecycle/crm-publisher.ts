/** Publishes our own events on the topic of CRM events: what actions changed, and what the detectors found. */
import type { CrmEnvelope } from '#libs/contracts/crm-message.ts';
import type { BatchingProducer } from '#libs/kafka/producer.ts';

export class CrmPublisher {
  readonly #producer: Pick<BatchingProducer, 'send'>;
  readonly #topic: string;

  constructor(producer: Pick<BatchingProducer, 'send'>, topic: string) {
    this.#producer = producer;
    this.#topic = topic;
  }

  /**
   * Resolves when all of them are durable. Events about one customer, else one account, keep their order.
   * @throws RetryableError `publish_failed`
   */
  async publish(events: readonly CrmEnvelope[]): Promise<void> {
    await Promise.all(
      events.map((event) => {
        const key = event.customerId ?? (event.login === undefined ? event.id : String(event.login));
        return this.#producer.send(this.#topic, { key, value: JSON.stringify(event) });
      }),
    );
  }
}
