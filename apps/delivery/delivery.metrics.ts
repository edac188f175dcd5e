/** What operators see of the delivery process in Prometheus. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { PartitionState } from '#libs/kafka/partition-watch.ts';

export class DeliveryMetrics {
  readonly kept: Counter<'type'>;
  readonly deadLetters: Counter<'reason'>;
  readonly #attempts: Counter<'outcome'>;
  readonly #delay: Histogram;
  #behind: () => number = () => 0;
  readonly #lag: Gauge<'partition'>;
  readonly #stalled: Gauge<'partition'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.kept = new Counter({
      name: 'signalbox_lifecycle_events_kept_total',
      help: 'Lifecycle events written to the store, repetitions included',
      labelNames: ['type'],
      registers,
    });
    this.deadLetters = new Counter({
      name: 'signalbox_dead_letters_total',
      help: 'Messages sent to the dead letters',
      labelNames: ['reason'],
      registers,
    });
    this.#attempts = new Counter({
      name: 'signalbox_webhook_first_attempts_total',
      help: 'First attempts at sending an event to a subscription',
      labelNames: ['outcome'],
      registers,
    });
    this.#delay = new Histogram({
      name: 'signalbox_webhook_first_attempt_delay_seconds',
      help: 'Time from an event to the first attempt at sending it to a subscription ',
      buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600],
      registers,
    });
    const behind: Gauge = new Gauge({
      name: 'signalbox_webhook_feeds_behind',
      help: 'Partitions of subscriptions that do not keep up, or are paused',
      registers: [],
      collect: () => {
        behind.set(this.#behind());
      },
    });
    registry.registerMetric(behind);
    this.#lag = new Gauge({
      name: 'signalbox_lifecycle_lag',
      help: 'Lifecycle events of a partition not yet kept, as Kafka has told last; absent while it does not',
      labelNames: ['partition'],
      registers,
    });
    this.#stalled = new Gauge({
      name: 'signalbox_lifecycle_stalled_seconds',
      help: 'How long a partition of lifecycle events has made no progress although messages are waiting',
      labelNames: ['partition'],
      registers,
    });
  }

  /** @param behind asked whenever Prometheus asks */
  watchBehind(behind: () => number): void {
    this.#behind = behind;
  }

  attempted(isDelivered: boolean, delayMs: number): void {
    this.#attempts.inc({ outcome: isDelivered ? 'delivered' : 'failed' });
    this.#delay.observe(Math.max(0, delayMs) / 1000);
  }

  report(states: readonly PartitionState[]): void {
    this.#lag.reset();
    this.#stalled.reset();
    for (const { partition, lag, stalledMs } of states) {
      this.#lag.set({ partition }, lag);
      this.#stalled.set({ partition }, stalledMs / 1000);
    }
  }
}
