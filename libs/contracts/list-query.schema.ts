/** Query parameters of the lists. Every one may be left out; an unknown one is an issue. */
import { z } from 'zod';
import { auditOperations } from '#libs/domain/access/audit-log.ts';
import { lifecycleTypes } from '#libs/domain/runs/lifecycle-log.ts';
import { ruleIdExpected, ruleIdPattern, ruleStatuses } from '#libs/domain/rules/rule.ts';
import { waitReasons } from '#libs/domain/runs/waits-for.ts';
import { line } from './line.ts';

export const text = line(1024);
/** ISO 8601 with an offset → UTC, as the store compares it. */
export const time = z.iso
  .datetime({ offset: true, error: 'must be a time with an offset, such as 2026-01-31T12:00:00Z' })
  .transform((value) => new Date(value).toISOString());
export const oneOfText = <const Values extends readonly string[]>(values: Values) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` });
const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a whole number')
  .transform(Number);

export const page = {
  cursor: text.optional(),
  limit: z
    .string()
    .regex(/^\d{1,15}$/, { error: 'must be a whole number', abort: true })
    .regex(/^0*(?:[1-9]\d?|[1-4]\d\d|500)$/, 'must be 1 to 500')
    .transform(Number)
    .default(50),
};

export const rulesQuery = z.strictObject({
  brand: text.optional(),
  trigger: text.optional(),
  status: oneOfText(ruleStatuses).optional(),
  /** In an id, a name or a description, in any case. */
  search: line(200).optional(),
  ...page,
});

/** Rules asked about at once. */
const maxIds = 100;

/** Separated by commas. */
const ruleIds = z
  .string()
  .transform((value) => value.split(','))
  .pipe(z.array(z.string().regex(ruleIdPattern, ruleIdExpected)).max(maxIds, `must name at most ${maxIds} rules`))
  .default([]);

export const ruleWarningsQuery = z.strictObject({ ids: ruleIds });

export const ruleActivityQuery = z.strictObject({
  ids: ruleIds,
  /** Left out: since the day began in UTC. */
  since: time.optional(),
});

/** The filter of the run log. */
export const runFilter = {
  rule_id: text.optional(),
  brand: text.optional(),
  status: oneOfText(['held', 'running', 'paused', 'completed', 'failed', 'skipped']).optional(),
  /** Of runs under way; `operator`: one has paused it. */
  waits_for: oneOfText(waitReasons).optional(),
  trigger: text.optional(),
  event_id: text.optional(),
  customer_id: text.optional(),
  login: wholeNumber.optional(),
  /** By the time at which the run was decided; `from` included, `to` not. */
  from: time.optional(),
  to: time.optional(),
};

export const runsQuery = z.strictObject({ ...runFilter, ...page });
export const runCountQuery = z.strictObject(runFilter);

const lifecycleFilter = {
  brand: text.optional(),
  rule_id: text.optional(),
  /** Separated by commas. */
  types: z
    .string()
    .transform((value) => value.split(','))
    .pipe(z.array(oneOfText(lifecycleTypes)).max(lifecycleTypes.length, 'must name each type once'))
    .optional(),
  /** A position. Left out: from the first event that is kept, or for a stream from now on. */
  after: line(20_000).optional(),
};

export const lifecycleEventsQuery = z.strictObject({ ...lifecycleFilter, limit: page.limit });
export const lifecycleStreamQuery = z.strictObject({ ...lifecycleFilter, run_id: text.optional() });
export const eventsOfRunQuery = z.strictObject({ from_sequence: wholeNumber.default(0), limit: page.limit });

export type LifecycleEventsQuery = z.output<typeof lifecycleEventsQuery>;
export type LifecycleStreamQuery = z.output<typeof lifecycleStreamQuery>;
export type EventsOfRunQuery = z.output<typeof eventsOfRunQuery>;

export const overviewQuery = z.strictObject({
  /** Since when failures are counted, by the time at which a run was decided; left out: the day in UTC. */
  from: time.optional(),
});

export const auditQuery = z.strictObject({
  by: text.optional(),
  /** Such as `rule/vip-deposit`, `run/{run id}`. */
  target: text.optional(),
  operation: oneOfText(auditOperations).optional(),
  brand: text.optional(),
  from: time.optional(),
  to: time.optional(),
  ...page,
});

export type OverviewQuery = z.output<typeof overviewQuery>;
export type AuditQuery = z.output<typeof auditQuery>;
export type RuleWarningsQuery = z.output<typeof ruleWarningsQuery>;
export type RuleActivityQuery = z.output<typeof ruleActivityQuery>;
export type RulesQuery = z.output<typeof rulesQuery>;
export type RunCountQuery = z.output<typeof runCountQuery>;
export type RunsQuery = z.output<typeof runsQuery>;
