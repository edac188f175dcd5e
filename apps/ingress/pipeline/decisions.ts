/** Turns matches into what is stored: the decision about an event, and the records of its runs. */
import { eventFingerprint } from '#libs/contracts/event-fingerprint.ts';
import { executionIdOf } from '#libs/domain/execution-id.ts';
import type { Decision } from '#libs/domain/ledger.ts';
import type { Rule } from '#libs/domain/rule.ts';
import { defaultTenant, type RunInput, type RunRecord } from '#libs/domain/run.ts';
import type { Match } from './matching.ts';

/** @param now ISO 8601 */
export function decisionOf({ subject, matched, skipped }: Match, now: string): Decision {
  const { event } = subject;
  const context = subject.context();
  return {
    eventId: event.id,
    fingerprint: eventFingerprint(event),
    decidedAt: now,
    runs: matched.map(({ rule, renderActions }) => ({
      executionId: executionIdOf(rule.id, event.id),
      rule: { ...identity(rule), priority: rule.priority, actions: renderActions?.(context) ?? rule.actions },
      tenant: subject.brand ?? defaultTenant,
      event: {
        id: event.id,
        trigger: subject.trigger,
        topic: event.topic,
        occurredAt: event.occurredAt,
        causation: event.causation,
      },
      login: subject.login,
      customerId: subject.customerId,
      context,
      triggeredBy: 'system',
    })),
    skipped: skipped.map(({ rule: { rule }, stoppedBy }) => ({
      executionId: executionIdOf(rule.id, event.id),
      rule: identity(rule),
      stoppedBy: stoppedBy.rule.id,
    })),
  };
}

/** Records of the decision's runs as they are before any of them has started. */
export function recordsOf(decision: Decision): RunRecord[] {
  const [first] = decision.runs;
  // Rules are skipped only behind one that runs.
  if (first === undefined) return [];
  const claimed = decision.runs.map((run) => recordOf(run, decision, run));
  const skipped = decision.skipped.map((skip): RunRecord => ({
    ...recordOf(first, decision, skip),
    status: 'skipped',
    reason: 'stop_after',
    stopped_by: skip.stoppedBy,
    finished_at: decision.decidedAt,
  }));
  return [...claimed, ...skipped];
}

type Identity = Pick<Rule, 'id' | 'name' | 'version'>;

function identity({ id, name, version }: Rule): Identity {
  return { id, name, version };
}

/** @param run any run of the event: what belongs to the event is the same in all of them */
function recordOf(run: RunInput, decision: Decision, of: { executionId: string; rule: Identity }): RunRecord {
  return {
    run_id: of.executionId,
    rule_id: of.rule.id,
    rule_name: of.rule.name,
    rule_version: of.rule.version,
    brand: run.context.brand,
    trigger_event: run.event.trigger,
    event_id: decision.eventId,
    login: run.login,
    customer_id: run.customerId,
    status: 'claimed',
    reason: null,
    stopped_by: null,
    claimed_at: decision.decidedAt,
    started_at: null,
    finished_at: null,
    duration_ms: null,
    error: null,
    actions: [],
  };
}
