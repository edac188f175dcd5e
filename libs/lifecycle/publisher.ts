/**
 * Publishes the events of runs: CloudEvents 1.0 in structured JSON mode, keyed by run, so that a run's events keep
 * their order and a retry repeats an event under the same id.
 */
import type { LifecycleCloudEvent } from '#libs/contracts/lifecycle.schema.ts';
import type { LifecycleDraft, LifecycleEvent } from '#libs/domain/runs/lifecycle-event.ts';
import type { BatchingProducer } from '#libs/kafka/producer.ts';
import { lifecycleEventId } from './event-id.ts';

export const lifecycleHeaders = { 'content-type': 'application/cloudevents+json; charset=UTF-8' };

export class LifecyclePublisher {
  readonly #producer: Pick<BatchingProducer, 'send'>;
  readonly #topic: string;

  constructor(producer: Pick<BatchingProducer, 'send'>, topic: string) {
    this.#producer = producer;
    this.#topic = topic;
  }

  /**
   * Resolves when all of them are durable.
   * @param drafts of one run, masked, in the order in which they happened
   * @throws RetryableError `publish_failed`
   */
  async publish(drafts: readonly LifecycleDraft[]): Promise<void> {
    await Promise.all(
      drafts.map((draft) => {
        const event = toCloudEvent(draft);
        return this.#producer.send(this.#topic, {
          key: draft.executionId,
          value: JSON.stringify(event),
          headers: lifecycleHeaders,
        });
      }),
    );
  }
}

export function toCloudEvent(draft: LifecycleDraft): LifecycleCloudEvent {
  const { reset: _reset, ...facts } = draft;
  const eventId = lifecycleEventId(draft);
  const data = inOneOrder({ eventId, ...facts });
  return {
    specversion: '1.0',
    id: eventId,
    source: lifecycleSource(draft.executionId),
    type: draft.eventType,
    subject: draft.executionId,
    time: draft.occurredAt,
    datacontenttype: 'application/json',
    sequence: String(draft.sequence).padStart(sequenceDigits, '0'),
    data,
  };
}

/** Of the CloudEvents extension `sequence`, whose texts are compared as texts. */
const sequenceDigits = 10;

/**
 * The `source` of a run's events, a URI reference: numbers of the extension `sequence` count within it. What may stand in
 * a path segment (RFC 3986, `pchar`) stands there as it is: not every reader of CloudEvents decodes headers.
 */
export function lifecycleSource(executionId: string): string {
  const encoded = encodeURIComponent(executionId);
  return `/signalbox/runs/${encoded.replace(/%(?:3A|40|24|26|2B|2C|3B|3D)/g, decodeURIComponent)}`;
}

const leading = ['eventId', 'eventType', 'executionId', 'processId', 'tenantId', 'occurredAt', 'sequence'];

/** The members in an order that does not depend on who made the event: published again, it is the same to the byte. */
function inOneOrder(event: LifecycleEvent): LifecycleEvent {
  const others = Object.keys(event).filter((name) => !leading.includes(name));
  const members = event as unknown as Record<string, unknown>;
  return Object.fromEntries(
    [...leading, ...others.sort()].map((name) => [name, members[name]]),
  ) as unknown as LifecycleEvent;
}
