/**
 * From messages to handlers. The events of one run are handled one after the other, those of other runs beside them, in
 * any partition. The offset of a partition moves up to the first event that is not done: every handler of it has handled
 * it, or a dead letter that is durable says that it could not.
 */
import { rejection } from '#libs/async/rejection.ts';
import type { RetryPolicy } from '#libs/async/retry.ts';
import { readLifecycleMessage } from '#libs/contracts/lifecycle-message.ts';
import { messageOf, RetryableError, SignalboxError } from '#libs/domain/errors/errors.ts';
import { maskText } from '#libs/domain/masking/masking.ts';
import type { Chunk, ChunkHandler } from '#libs/kafka/chunk.ts';
import type { DeadLetter, DeadLetters } from '#libs/kafka/dead-letter.ts';
import type { ConsumedMessage } from '#libs/kafka/message.ts';
import { PartitionReleased } from '#libs/kafka/partition-lease.ts';
import { Assignment } from './assignment.ts';
import type { HandlerCalls, HandlerFailure } from './handler-calls.ts';
import type { HandlerRegistry } from './handler-registry.ts';
import type { CommitOptions, HeldPartition } from './held-partition.ts';
import { toWorkflowEvent, type WorkflowEvent } from './workflow-event.ts';

export interface DeliveryOptions extends CommitOptions {
  groupId: string;
  handlers: HandlerRegistry;
  calls: HandlerCalls;
  deadLetters: DeadLetters;
  retryPolicy: RetryPolicy;
  /** Messages of a partition taken while an earlier one is not done. */
  maxAhead: number;
}

interface Delivery {
  message: ConsumedMessage;
  held: HeldPartition;
  assignment: Assignment;
}

type Read = { event: WorkflowEvent } | { deadLetter: Why };
type Why = Pick<DeadLetter, 'reason' | 'message'> & { handler?: string };

export class EventDelivery implements ChunkHandler {
  readonly #options: DeliveryOptions;
  /** By run, the end of what is to be done of it. */
  readonly #runs = new Map<string, Promise<void>>();
  #assignment: Assignment;
  #isStopping = false;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#assignment = new Assignment(options);
  }

  /** What is under way may be another member's now: it ends, and comes again where it was not done. */
  reassigned(): void {
    this.#assignment.release(new PartitionReleased('the partitions were assigned anew'));
    this.#assignment = new Assignment(this.#options);
  }

  /** Takes the messages over. It waits while too many are ahead of one that is not done. */
  async process(chunk: Chunk, signal: AbortSignal): Promise<void> {
    const assignment = this.#assignment;
    const held = assignment.hold(chunk);
    if (!held.begin(chunk)) assignment.release(offsetsReset(chunk));
    for (const message of chunk.messages) {
      if (held.hasTaken(BigInt(message.offset))) continue;
      await this.#untilOpen(assignment, signal);
      while (held.isFull(this.#options.maxAhead)) {
        await held.change(signal);
        await this.#untilOpen(assignment, signal);
      }
      this.#take({ message, held, assignment });
    }
    await this.#untilOpen(assignment, signal);
    held.takenUpTo(chunk.next);
  }

  /** @throws what kept an event from being delivered: the group is joined anew, and it comes again */
  verify(): void {
    if (!this.#isStopping) this.#assignment.closing.throwIfAborted();
  }

  /** @param graceMs until handlers that still go on are told to end */
  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    const idle = async () => void (await Promise.all(this.#runs.values()));
    await this.#assignment.close(new PartitionReleased('the process is ending'), graceMs, idle);
  }

  /** While it stops, what is held waits for its release, so that nothing is read any more. */
  async #untilOpen({ closing }: Assignment, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#isStopping) await rejection(signal);
    closing.throwIfAborted();
  }

  #take(delivery: Delivery): void {
    const done = delivery.held.take(BigInt(delivery.message.offset));
    const read = readSafely(delivery.message);
    const run = 'event' in read ? read.event.executionId : '';
    const before = this.#runs.get(run) ?? Promise.resolve();
    const work = async (): Promise<void> => {
      await before;
      try {
        await this.#carryOut(read, delivery);
        done();
      } catch (error) {
        this.#gaveUp(error, delivery);
      }
    };
    const end = work().finally(() => {
      if (this.#runs.get(run) === end) this.#runs.delete(run);
    });
    this.#runs.set(run, end);
  }

  async #carryOut(read: Read, delivery: Delivery): Promise<void> {
    if ('deadLetter' in read) return this.#sendToDeadLetters(read.deadLetter, delivery);
    const { handlers, calls } = this.#options;
    const { assignment } = delivery;
    const registered = handlers.get(read.event.eventType) ?? [];
    const signals = { closing: assignment.closing, ending: assignment.ending };
    for (const failure of await calls.deliver(read.event, registered, signals)) {
      await this.#sendToDeadLetters(describe(failure), delivery);
    }
  }

  async #sendToDeadLetters({ reason, message: why, handler }: Why, delivery: Delivery): Promise<void> {
    const { deadLetters, retryPolicy, groupId, log } = this.#options;
    const { topic, partition } = delivery.held;
    const { offset, timestamp, key, value, headers, unreadableBatch } = delivery.message;
    const lastOffset = unreadableBatch === undefined ? {} : { lastOffset: unreadableBatch.lastOffset };
    const letter: DeadLetter = {
      reason,
      message: why,
      subscriber: { group: groupId, ...(handler === undefined ? {} : { handler }) },
      origin: { topic, partition, offset, timestamp, ...lastOffset },
      original: { key, value, headers },
    };
    await retryPolicy.retryForever('Kafka', () => deadLetters.send(letter), delivery.assignment.ending);
    log.error({ topic, partition, offset, reason, handler }, `sent to the dead letters: ${why}`);
  }

  /** What ended by itself must not pass for done: the partition is read once more. */
  #gaveUp(error: unknown, { assignment, held: { topic, partition } }: Delivery): void {
    if (assignment.gaveUp(error)) return;
    const what = 'a workflow event could not be delivered: its partition is read once more';
    this.#options.log.error({ topic, partition, err: error }, what);
    assignment.release(error instanceof Error ? error : new Error(String(error)));
  }
}

function readSafely(message: ConsumedMessage): Read {
  if (message.unreadableBatch !== undefined) return { deadLetter: message.unreadableBatch };
  try {
    const read = readLifecycleMessage({ value: message.value, headers: message.headers });
    return 'event' in read ? { event: toWorkflowEvent(read.event.data) } : read;
  } catch (error) {
    return { deadLetter: { reason: 'internal_error', message: maskText(messageOf(error)) } };
  }
}

function describe({ handler, error, attempts }: HandlerFailure): Why {
  const reason = error instanceof SignalboxError ? error.code : 'handler_failed';
  const times = attempts === 1 ? 'once' : `${attempts} times`;
  return { reason, handler, message: maskText(`${handler} failed ${times}: ${messageOf(error)}`) };
}

function offsetsReset({ topic, partition, first }: Chunk): RetryableError {
  return new RetryableError('offsets_reset', `${topic}/${partition} is read again from offset ${first}`);
}
