/** Runs and their records with every field filled in, for tests that care about one or two of them. */
import { eventKey } from '#libs/domain/events/event-key.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import { buildRunId } from '#libs/domain/runs/execution-id.ts';
import type { RunInput, RunRecord } from '#libs/domain/runs/run.ts';

/** The id of the rule's run for an event of the CRM. @param brand as its envelope names it */
export function crmRunId(rule: string, id: string, brand: string | null = 'alpha'): string {
  return buildRunId(rule, eventKey({ id, topic: topics.crm, source: null, brand }));
}

/** The id of the rule's run for an event of the broker. @param topic logical name */
export function brokerRunId(rule: string, id: string, topic: string): string {
  return buildRunId(rule, eventKey({ id, topic, source: null, brand: null }));
}

export function runInput(given: Partial<RunInput> = {}): RunInput {
  return {
    executionId: 'rule-1:event-1',
    rule: { id: 'rule-1', name: 'Rule 1', version: 1, priority: 100, actions: [{ type: 'add_note', params: {} }] },
    tenant: 'alpha',
    event: {
      id: 'event-1',
      trigger: 'customer.deposited',
      topic: 'crm.events',
      occurredAt: '2026-01-02T03:04:05.000Z',
      causation: [],
    },
    login: null,
    customerId: 'c-1',
    context: { brand: 'alpha', event: {} },
    triggeredBy: 'system',
    ...given,
  };
}

export function runRecord(given: Partial<RunRecord> = {}): RunRecord {
  return {
    run_id: 'rule-1:event-1',
    rule_id: 'rule-1',
    rule_name: 'Rule 1',
    rule_version: 1,
    brand: 'alpha',
    trigger_event: 'customer.deposited',
    event_id: 'event-1',
    login: null,
    customer_id: 'c-1',
    status: 'claimed',
    reason: null,
    stopped_by: null,
    claimed_at: '2026-01-02T03:04:05.000Z',
    started_at: null,
    finished_at: null,
    duration_ms: null,
    error: null,
    actions: [],
    ...given,
  };
}
