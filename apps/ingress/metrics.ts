/** What operators see of the ingress in Prometheus. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export class IngressMetrics {
  readonly lag: Gauge<'topic' | 'partition'>;
  readonly stalled: Gauge<'topic' | 'partition'>;
  readonly events: Counter<'topic' | 'trigger' | 'outcome'>;
  readonly matches: Counter<'trigger'>;
  readonly shadowMatches: Counter<'trigger'>;
  readonly starts: Counter<'outcome'>;
  readonly guarded: Counter<'rule' | 'reason'>;
  readonly breaches: Counter<'rule'>;
  readonly deadLetters: Counter<'reason'>;
  readonly chunkSeconds: Histogram;
  readonly postponed: Gauge;
  readonly overruns: Counter<'rule'>;
  readonly unusableRules: Gauge;
  readonly rules: Gauge;

  constructor(registry: Registry) {
    const registers = [registry];
    this.lag = new Gauge({
      name: 'signalbox_consumer_lag',
      help: 'Messages of a partition not yet processed, as Kafka has told last; absent while it does not',
      labelNames: ['topic', 'partition'],
      registers,
    });
    this.stalled = new Gauge({
      name: 'signalbox_partition_stalled_seconds',
      help: 'How long a partition has made no progress although messages are waiting; 0 while it moves',
      labelNames: ['topic', 'partition'],
      registers,
    });
    this.events = new Counter({
      name: 'signalbox_events_total',
      help: 'Messages consumed, by what became of them; trigger is empty where no rule is for it',
      labelNames: ['topic', 'trigger', 'outcome'],
      registers,
    });
    this.matches = new Counter({
      name: 'signalbox_matches_total',
      help: 'Rules matched',
      labelNames: ['trigger'],
      registers,
    });
    this.shadowMatches = new Counter({
      name: 'signalbox_shadow_matches_total',
      help: 'Matches of rules in shadow: nothing was started',
      labelNames: ['trigger'],
      registers,
    });
    this.starts = new Counter({
      name: 'signalbox_run_starts_total',
      help: 'Runs handed to Temporal',
      labelNames: ['outcome'],
      registers,
    });
    this.guarded = new Counter({
      name: 'signalbox_runs_denied_total',
      help: 'Runs that a guard of their rule skipped (re_enroll) or holds (limit)',
      labelNames: ['rule', 'reason'],
      registers,
    });
    this.breaches = new Counter({
      name: 'signalbox_limit_breaches_total',
      help: 'Windows of time in which a rule went over its limit, as this process saw them',
      labelNames: ['rule'],
      registers,
    });
    this.deadLetters = new Counter({
      name: 'signalbox_dead_letters_total',
      help: 'Messages sent to the dead letters',
      labelNames: ['reason'],
      registers,
    });
    this.chunkSeconds = new Histogram({
      name: 'signalbox_chunk_duration_seconds',
      help: 'Time to process one chunk of messages',
      buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    });
    this.postponed = new Gauge({
      name: 'signalbox_postponed_events',
      help: 'Events to be matched apart from their partition, over all processes',
      registers,
    });
    this.overruns = new Counter({
      name: 'signalbox_rule_overruns_total',
      help: 'Events sent to the dead letters because the conditions of a rule took too long',
      labelNames: ['rule'],
      registers,
    });
    this.unusableRules = new Gauge({
      name: 'signalbox_rules_unusable',
      help: 'Active rules that this build cannot use; events they may be for wait',
      registers,
    });
    this.rules = new Gauge({ name: 'signalbox_rules_loaded', help: 'Active rules being matched', registers });
  }
}
