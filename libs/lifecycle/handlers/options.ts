/** What a subscriber may set, and what holds where it sets nothing. */
import { z } from 'zod';
import { InvalidInputError } from '#libs/domain/errors/errors.ts';
import { readBy } from '#libs/contracts/schema-problems.ts';
import type { KafkaSettings } from '#libs/kafka/ports.ts';
import type { Logger } from '#libs/telemetry/logger.ts';

const count = z.int().positive();
const text = z.string().min(1);

const schema = z.strictObject({
  kafka: z.strictObject({
    /** host:port of some brokers. */
    brokers: z.array(text).min(1),
    tls: z.boolean().default(false),
    sasl: z
      .strictObject({ mechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']), username: text, password: text })
      .optional(),
  }),
  /** `KAFKA_TOPIC_PREFIX` of the signalbox that publishes. */
  topicPrefix: z.string().default(''),
  /** Of this service alone. A group that Kafka does not know begins with the oldest event the topic holds. */
  groupId: text,
  /** How long a handler may take for one event before its signal is aborted and it counts as failed. */
  handlerTimeoutMs: count.default(60_000),
  retry: z
    .strictObject({
      /** How often a handler is called for an event altogether, before a dead letter says that it failed. */
      attempts: count.default(6),
      /** Between the first two attempts; each pause is twice the one before, give or take a quarter. */
      firstPauseMs: count.default(1000),
      longestPauseMs: count.default(60_000),
    })
    .prefault({}),
  /** Handlers called at once, over all partitions. One that waits for its next attempt is none of them. */
  concurrency: count.default(32),
  /** Events of a partition that may be handled while an earlier one is not: so many may come again after a crash. */
  maxAhead: count.default(1000),
  /** How long handlers under way may go on when the service stops, before their signal is aborted. */
  shutdownGraceMs: z.int().nonnegative().default(10_000),
  log: z.custom<Logger>().optional(),
});

export type WorkflowEventsOptions = z.input<typeof schema>;
export type WorkflowEventsSettings = z.output<typeof schema>;

/** @throws InvalidInputError that names every option that is wrong */
export function readOptions(options: WorkflowEventsOptions): WorkflowEventsSettings {
  const { data, problems } = readBy(schema, options);
  if (data !== null) return data;
  const said = problems.map(({ path, message }) => `${path} ${message}`).join('; ');
  throw new InvalidInputError(`the options of WorkflowEventsModule are wrong: ${said}`, problems);
}

export function toKafkaSettings({ brokers, tls, sasl }: WorkflowEventsSettings['kafka']): KafkaSettings {
  return { brokers, tls, saslMechanism: sasl?.mechanism, username: sasl?.username, password: sasl?.password };
}
