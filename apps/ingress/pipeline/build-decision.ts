/** Turns matches into what is stored: the decision about an event, and the records of its runs. */
import { eventFingerprint } from '#libs/contracts/event-fingerprint.ts';
import { eventKey } from '#libs/domain/events/event-key.ts';
import { buildRunId } from '#libs/domain/runs/execution-id.ts';
import type { Decision } from '#libs/domain/runs/run-ledger.ts';
import type { Denial } from '#libs/domain/runs/denial.ts';
import { toAdmissionPolicy, type AdmissionPolicy } from '#libs/domain/rules/admission-policy.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import { defaultTenant, type AdmissionNote, type RunInput, type RunRecord } from '#libs/domain/runs/run.ts';
import type { Match } from '#libs/matching/match-events.ts';

/** A decision that counts. */
export interface StoredDecision {
  decision: Decision;
  /** Made at an earlier delivery: some of its runs may have records. */
  again: boolean;
}

/** What the guards said about runs, by execution id. */
export interface AdmissionResult {
  skipped: ReadonlyMap<string, Denial>;
  held: ReadonlyMap<string, Denial>;
}

/**
 * @param now ISO 8601
 * @param nextNumber gives each run that may start its number
 */
export function buildDecision(
  { subject, revision, matched, skipped, shadow }: Match,
  now: string,
  nextNumber: () => number,
): Decision {
  const { event } = subject;
  const context = subject.context();
  const key = eventKey(event);
  const guards = collectPolicies(matched, key);
  const buildRunInput = ({ rule, renderActions }: Match['matched'][number]): RunInput => ({
    executionId: buildRunId(rule.id, key),
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
  });
  return {
    eventKey: key,
    eventId: event.id,
    fingerprint: eventFingerprint(event),
    decidedAt: now,
    revision,
    runs: matched.map((rule) => ({ ...buildRunInput(rule), number: nextNumber() })),
    skipped: skipped.map(({ rule: { rule }, stoppedBy }) => ({
      executionId: buildRunId(rule.id, key),
      rule: identity(rule),
      stoppedBy: stoppedBy.rule.id,
    })),
    ...(shadow.length > 0 && { shadow: shadow.map(buildRunInput) }),
    ...(guards !== null && { guards }),
  };
}

/** Records of the decision's runs as they are before any of them has started. */
export function buildRunRecords(decision: Decision, { skipped: unwanted, held }: AdmissionResult): RunRecord[] {
  const { shadow = [] } = decision;
  // Rules are skipped only behind one that runs.
  const first = decision.runs[0] ?? shadow[0];
  if (first === undefined) return [];
  const claimed = decision.runs.map((run): RunRecord => {
    const record = buildRunRecord(run, decision, run);
    const denial = unwanted.get(run.executionId);
    if (denial !== undefined) {
      const end = { status: 'skipped', reason: 're_enroll', finished_at: decision.decidedAt } as const;
      return { ...record, ...end, guard: buildNote(denial) };
    }
    const limit = held.get(run.executionId);
    return limit === undefined ? record : { ...record, status: 'held', reason: 'limit', guard: buildNote(limit) };
  });
  const skipped = decision.skipped.map((skip): RunRecord => ({
    ...buildRunRecord(first, decision, skip),
    status: 'skipped',
    reason: 'stop_after',
    stopped_by: skip.stoppedBy,
    finished_at: decision.decidedAt,
  }));
  const shadows = shadow.map((run): RunRecord => ({
    ...buildRunRecord(run, decision, run),
    status: 'skipped',
    reason: 'shadow',
    finished_at: decision.decidedAt,
  }));
  return [...claimed, ...skipped, ...shadows];
}

function collectPolicies(matched: Match['matched'], key: string): Record<string, AdmissionPolicy> | null {
  let all: Record<string, AdmissionPolicy> | null = null;
  for (const { rule } of matched) {
    const guards = toAdmissionPolicy(rule);
    if (guards !== null) (all ??= {})[buildRunId(rule.id, key)] = guards;
  }
  return all;
}

function buildNote({ code, params, note, earlierRun }: Denial): AdmissionNote {
  return { note, code, params, earlier_run: earlierRun, resolved_by: null, resolved_at: null };
}

type Identity = Pick<Rule, 'id' | 'name' | 'version'>;

function identity({ id, name, version }: Rule): Identity {
  return { id, name, version };
}

/** @param run any run of the event: what belongs to the event is the same in all of them */
function buildRunRecord(run: RunInput, decision: Decision, of: { executionId: string; rule: Identity }): RunRecord {
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
    ...(of === run && run.number !== undefined && { number: run.number }),
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
