/**
 * The watch over the partitions of this member: how far each lies behind, and whether it moves. It asks Kafka itself on
 * a timer, apart from the work on the messages, so a partition that stands still is seen whatever the reason.
 */
import { messageOf } from '#libs/domain/errors/errors.ts';
import type { HealthCheck } from '#libs/telemetry/health.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import type { KafkaAdmin, KafkaConnection } from './ports.ts';
import { Standstill } from './standstill.ts';

export interface PartitionState {
  /** Full name. */
  topic: string;
  partition: number;
  /** Messages that consumers may see and the group has not committed. */
  lag: number;
  /** How long nothing was committed although messages were waiting, in milliseconds; 0 = it moves. */
  stalledMs: number;
}

export interface PartitionWatchOptions {
  kafka: Pick<KafkaConnection, 'admin'>;
  groupId: string;
  /** Full names. */
  topics: string[];
  /** Milliseconds between two looks. */
  intervalMs: number;
  /** Milliseconds without progress from which on a partition counts as standing still. */
  stallMs: number;
  /** Called after each look with all partitions of this member; with none when Kafka could not be asked. */
  report: (states: PartitionState[]) => void;
  log: Logger;
}

export class PartitionWatch implements HealthCheck {
  readonly name = 'partitions';
  readonly #options: PartitionWatchOptions;
  readonly #admin: KafkaAdmin;
  readonly #standstill = new Standstill();
  #assigned: Record<string, number[]> = {};
  #stalled: PartitionState[] = [];
  #failing = false;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(options: PartitionWatchOptions) {
    this.#options = options;
    this.#admin = options.kafka.admin();
  }

  /** @param partitions of each topic that this member has now */
  assigned(partitions: Record<string, number[]>): void {
    this.#assigned = partitions;
  }

  start(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#looking = this.#look().finally(() => this.start());
    }, this.#options.intervalMs);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
    await this.#admin.close();
  }

  /** Fails while a partition of this member stands still although messages are waiting. */
  async check(): Promise<void> {
    if (this.#stalled.length > 0) throw new Error(this.#stalled.map(describe).join('; '));
  }

  async #look(): Promise<void> {
    try {
      const states = await this.#ask();
      this.#noteStalled(states.filter(({ stalledMs }) => stalledMs >= this.#options.stallMs));
      this.#options.report(states);
      this.#failing = false;
    } catch (error) {
      // A number that is no longer measured would pass for a good one.
      this.#options.report([]);
      if (!this.#failing) this.#options.log.warn({ err: error }, `the lag cannot be measured: ${messageOf(error)}`);
      this.#failing = true;
    }
  }

  async #ask(): Promise<PartitionState[]> {
    const assigned = this.#assigned;
    const { groupId, topics } = this.#options;
    const committed = await this.#admin.committedOffsets(groupId, topics);
    const states: PartitionState[] = [];
    const now = Date.now();
    for (const topic of topics) {
      // Up to the last stable offset: what a transaction under way has written cannot be read yet.
      for (const { partition, earliest, latest } of await this.#admin.listOffsets(topic)) {
        if (assigned[topic]?.includes(partition) !== true) continue;
        const next = larger(committed.get(topic)?.get(partition) ?? 0n, earliest);
        const lag = Number(larger(latest - next, 0n));
        const stalledMs = this.#standstill.since(`${topic}/${partition}`, next, lag > 0, now);
        states.push({ topic, partition, lag, stalledMs });
      }
    }
    return states;
  }

  /** One line when a partition begins to stand still, and one when it moves again. */
  #noteStalled(stalled: PartitionState[]): void {
    const { log } = this.#options;
    for (const state of stalled) {
      if (!this.#stalled.some((known) => isSame(known, state))) log.error(state, describe(state));
    }
    for (const { topic, partition } of this.#stalled) {
      if (stalled.some((state) => isSame(state, { topic, partition }))) continue;
      log.info({ topic, partition }, `${topic}/${partition} moves again, or is no longer ours`);
    }
    this.#stalled = stalled;
  }
}

type PartitionName = Pick<PartitionState, 'topic' | 'partition'>;

function isSame(a: PartitionName, b: PartitionName): boolean {
  return a.topic === b.topic && a.partition === b.partition;
}

function describe({ topic, partition, lag, stalledMs }: PartitionState): string {
  const seconds = Math.round(stalledMs / 1000);
  return `${topic}/${partition} has made no progress for ${seconds} s, with ${lag} messages waiting`;
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
