/** What operators see of the delivery process in Prometheus. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { PartitionState } from '#libs/kafka/partition-watch.ts';

export class DeliveryMetrics {
  readonly kept: Counter<'type'>;
  readonly deadLetters: Counter<'reason'>;
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

  report(states: readonly PartitionState[]): void {
    this.#lag.reset();
    this.#stalled.reset();
    for (const { partition, lag, stalledMs } of states) {
      this.#lag.set({ partition }, lag);
      this.#stalled.set({ partition }, stalledMs / 1000);
    }
  }
}
