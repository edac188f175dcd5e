/**
 * Takes reported events: claimed in the store, then on Kafka, then acknowledged. What dies in between is claimed and not
 * noted as published, and the report that is repeated publishes it under the same id, which the ingress takes once.
 */
import { createBatcher } from '#libs/async/batcher.ts';
import { RetryableError } from '#libs/domain/errors/errors.ts';
import type { WebhookClaim, WebhookClaims } from '#libs/domain/workflow-webhooks/webhook-claim.ts';
import type { BatchingProducer } from '#libs/kafka/producer.ts';
import { ApiError } from '../http/api.error.ts';
import type { PublicationNotes } from './publication-notes.ts';
import type { Report } from './reported-message.ts';
import { unavailable } from './webhook-doors.ts';

export interface IntakePorts {
  claims: Pick<WebhookClaims, 'claim' | 'isPublished'>;
  notes: Pick<PublicationNotes, 'add' | 'has'>;
  producer: Pick<BatchingProducer, 'send'>;
  /** Full name of the topic of CRM events. */
  topic: string;
}

/** One request at a time: two would carry half as many each, and cost more. */
const claimBatches = { requests: 1, items: 100 };
/** Events that are neither durable nor given up, at most, and their bytes: while Kafka is away they wait in memory. */
const most = { events: 2_000, bytes: 64 * 1024 * 1024 };
/** How long a caller waits, in milliseconds. What takes longer may become durable after all, and may be repeated. */
const answerMs = 10_000;

export class WebhookIntake {
  readonly #ports: IntakePorts;
  readonly #answerMs: number;
  readonly #claim: (claim: WebhookClaim) => Promise<WebhookClaim | null>;
  #events = 0;
  #bytes = 0;

  constructor(ports: IntakePorts, waitMs = answerMs) {
    this.#ports = ports;
    this.#answerMs = waitMs;
    this.#claim = createBatcher(async (claims: WebhookClaim[]) => {
      const before = await ports.claims.claim(claims);
      return claims.map((_, index) => before.get(index) ?? null);
    }, claimBatches);
  }

  /**
   * Resolves when the event is on Kafka for good, also when it was before.
   * @throws ApiError 409 `idempotency_conflict`, 503 `unavailable`
   */
  async take(report: Report): Promise<void> {
    if (this.#events >= most.events || this.#bytes + report.bytes > most.bytes) {
      throw unavailable('Too many events wait to be published.');
    }
    this.#events += 1;
    this.#bytes += report.bytes;
    // Also of an event whose caller waits no longer.
    const work = this.#publishOnce(report).finally(() => {
      this.#events -= 1;
      this.#bytes -= report.bytes;
    });
    try {
      await within(this.#answerMs, work);
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error;
      throw unavailable('The event could not be made durable just now: send it again, with the same idempotency key.');
    }
  }

  async #publishOnce({ claim, message }: Report): Promise<void> {
    const before = await this.#claim(claim);
    if (before !== null && before.payload !== claim.payload) {
      const text = 'Another event was reported under this idempotency key.';
      throw new ApiError(409, 'idempotency_conflict', text);
    }
    if (before !== null && (await this.#isPublished(claim.id))) return;
    await this.#ports.producer.send(this.#ports.topic, message(before ?? claim));
    this.#ports.notes.add(claim.id);
  }

  async #isPublished(claimId: string): Promise<boolean> {
    return this.#ports.notes.has(claimId) || (await this.#ports.claims.isPublished(claimId));
  }
}

/** @throws RetryableError `publish_failed` after so many milliseconds */
async function within(ms: number, promise: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new RetryableError('publish_failed', `the event was not durable within ${ms} ms`);
    timer = setTimeout(() => reject(error), ms);
  });
  try {
    await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
