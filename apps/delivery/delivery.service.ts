/** Starts and ends what the process does, and forgets events that are old. */
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { RetryPolicy } from '#libs/async/retry.ts';
import type { Config } from '#libs/config/config.ts';
import type { LifecycleLog } from '#libs/domain/runs/lifecycle-log.ts';
import { PartitionWatch } from '#libs/kafka/partition-watch.ts';
import type { KafkaConsumer } from '#libs/kafka/ports.ts';
import type { BatchingProducer } from '#libs/kafka/producer.ts';
import { StoreAccess } from '#libs/store/mongo/store-access.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import type { HttpClient } from '#libs/http/http-client.ts';
import { DeadLetterKeeper } from './dead-letter-keeper.service.ts';
import { tokens } from './tokens.ts';
import { Dispatcher } from './webhooks/dispatcher.ts';
import { WebhookRetries } from './webhooks/webhook-retries.ts';

/** Between two looks for events that are old, in milliseconds. */
const forgetEveryMs = 60_000;
const dayMs = 24 * 60 * 60 * 1000;

@Injectable()
export class DeliveryService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #ending = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(
    @Inject(tokens.config) private readonly config: Config,
    @Inject(tokens.log) private readonly log: Logger,
    @Inject(tokens.consumer) private readonly consumer: KafkaConsumer,
    @Inject(tokens.producer) private readonly producer: BatchingProducer,
    @Inject(tokens.kafkaCheck) private readonly kafkaCheck: { close(): Promise<void> },
    @Inject(tokens.lifecycleLog) private readonly lifecycle: LifecycleLog,
    private readonly deadLetters: DeadLetterKeeper,
    private readonly partitions: PartitionWatch,
    private readonly store: StoreAccess,
    private readonly retryPolicy: RetryPolicy,
    private readonly retries: WebhookRetries,
    private readonly dispatcher: Dispatcher,
    @Inject(tokens.webhookClient) private readonly http: HttpClient,
  ) {}

  /** Does not wait: the process answers its operators while the servers it needs are still away. */
  onApplicationBootstrap(): void {
    const { signal } = this.#ending;
    this.#running = this.#run(signal).catch((error: unknown) => {
      if (signal.aborted) return;
      this.log.fatal({ err: error }, 'the delivery process cannot start');
      throw error;
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#ending.abort();
    await this.#running;
    const { shutdownGraceMs } = this.config.process;
    await this.consumer.stop(shutdownGraceMs / 2);
    // What is under way is ended by who began it: the client refuses calls once it is closed.
    await Promise.all([this.dispatcher.stop(shutdownGraceMs / 4), this.retries.stop()]);
    await this.http.close();
    await this.partitions.stop();
    await this.producer.stop();
    await Promise.all([this.kafkaCheck.close(), this.store.close()]);
  }

  async #run(signal: AbortSignal): Promise<void> {
    await this.retryPolicy.retryForever('store', () => this.store.prepare(), signal);
    if (signal.aborted) return;
    this.consumer.start();
    this.partitions.start();
    this.retries.start();
    await Promise.all([this.#forgetOld(signal), this.#pollSubscriptions(signal)]);
  }

  async #forgetOld(signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.retryPolicy.retryForever('store', () => this.#forget(), signal);
      await sleep(forgetEveryMs, undefined, { signal });
    }
  }

  async #pollSubscriptions(signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.retryPolicy.retryForever('store', () => this.dispatcher.poll(), signal);
      await sleep(this.config.subscriptions.pollMs, undefined, { signal });
    }
  }

  async #forget(): Promise<void> {
    const before = new Date(Date.now() - this.config.delivery.eventDays * dayMs).toISOString();
    while (!this.#ending.signal.aborted && (await this.lifecycle.forget(before)) > 0);
    while (!this.#ending.signal.aborted && (await this.deadLetters.forget()) > 0);
  }
}
