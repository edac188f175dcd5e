/** What operators see of subscriptions in Prometheus. */
import { Counter, Gauge, type Registry } from 'prom-client';

export class SubscriptionMetrics {
  readonly warnings: Counter<'percent'>;
  readonly disabled: Counter<'reason'>;
  readonly failing: Gauge;
  readonly lost: Counter<'reason'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.warnings = new Counter({
      name: 'signalbox_subscription_warnings_total',
      help: 'Warnings that a subscription fails, by how near it is to being disabled',
      labelNames: ['percent'],
      registers,
    });
    this.disabled = new Counter({
      name: 'signalbox_subscriptions_disabled_total',
      help: 'Subscriptions that were disabled because their receiver is gone, or failed for too long',
      labelNames: ['reason'],
      registers,
    });
    this.failing = new Gauge({
      name: 'signalbox_subscriptions_failing',
      help: 'Active subscriptions whose last attempts have failed',
      registers,
    });
    this.lost = new Counter({
      name: 'signalbox_subscription_events_lost_total',
      help: 'Events that a subscription will not be sent any more, given up or forgotten',
      labelNames: ['reason'],
      registers,
    });
  }
}
