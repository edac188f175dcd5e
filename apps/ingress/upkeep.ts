/** What the ingress does beside its partitions, again and again: events that wait, and ranges an operator reopened. */
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '#libs/domain/errors/errors.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { WaitingEvent } from '#libs/domain/events/waiting-event.ts';
import type { KafkaConsumer } from '#libs/kafka/ports.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import type { AccountProgress } from './pipeline/account-progress.ts';
import type { EventPipeline } from './pipeline/event-pipeline.ts';
import type { PartitionWatermarks } from './pipeline/partition-watermarks.ts';
import type { WaitingList } from './pipeline/waiting-list.ts';

export interface UpkeepOptions {
  waiting: WaitingList;
  pipeline: Pick<EventPipeline, 'resume'>;
  progress: Pick<AccountProgress, 'processedUpTo'>;
  watermarks: Pick<PartitionWatermarks, 'reopened'>;
  consumer: Pick<KafkaConsumer, 'seek'>;
  /** Between two rounds, in milliseconds. */
  everyMs: number;
  /** How long events are kept that have waited in vain, in days. */
  givenUpDays: number;
  log: Logger;
}

/** Old events are looked for now and then. */
const forgetEveryMs = 60 * 60 * 1000;

export class Upkeep {
  readonly #options: UpkeepOptions;
  readonly #ending = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #failing = false;
  #nextForget = 0;

  constructor(options: UpkeepOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      try {
        await this.#round(signal);
        this.#failing = false;
      } catch (error) {
        if (!signal.aborted) this.#report(error);
      }
      await sleep(this.#options.everyMs, undefined, { signal }).catch(() => {});
    }
  }

  async #round(signal: AbortSignal): Promise<void> {
    const { waiting, pipeline, watermarks, consumer, givenUpDays } = this.#options;
    for (const { topic, partition, offset } of await watermarks.reopened()) consumer.seek(topic, partition, offset);
    if (await waiting.any()) {
      for (let last: WaitingEvent | null = null; ;) {
        const page: WaitingEvent[] = await waiting.forGroups(last);
        if (page.length === 0) break;
        await pipeline.resume(page, false, signal);
        last = page.at(-1)!;
      }
      await this.#endWaiting(signal);
    }
    if (Date.now() < this.#nextForget) return;
    this.#nextForget = Date.now() + forgetEveryMs;
    await waiting.forget(givenUpDays);
  }

  /** A CRM event waits until account.push has been read up to it: its account may be behind it there. */
  async #endWaiting(signal: AbortSignal): Promise<void> {
    const { waiting, pipeline, progress } = this.#options;
    const due = await waiting.due();
    const ofBroker = due.filter(({ event }) => event.topic !== topics.crm);
    if (ofBroker.length > 0) await pipeline.resume(ofBroker, true, signal);
    const ofCrm = due.filter(({ event }) => event.topic === topics.crm);
    if (ofCrm.length === 0) return;
    const processedUpTo = await progress.processedUpTo();
    const ended = ofCrm.filter(({ since }) => Date.parse(since) < processedUpTo);
    if (ended.length > 0) await pipeline.resume(ended, true, signal);
  }

  /** One line when it begins to fail: the readiness check says what is away. */
  #report(error: unknown): void {
    if (this.#failing) return;
    this.#failing = true;
    this.#options.log.warn({ err: error }, `events that wait cannot be looked at: ${messageOf(error)}; trying again`);
  }
}
