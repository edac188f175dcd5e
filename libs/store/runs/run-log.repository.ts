/** Reading the run log. */
import type { Connection, QueryFilter } from 'mongoose';
import type { RunRecord, RunStatus } from '#libs/domain/runs/run.ts';
import type { WaitReason } from '#libs/domain/runs/waits-for.ts';
import { countUpTo, type BoundedCount } from '../mongo/bounded-count.ts';
import { readPage, type Page, type PageRequest } from '../mongo/keyset-page.ts';
import { internalFields, runModel, toRunRecord, type RunDocument } from './run.model.ts';
import { guarded } from '../mongo/store-error.ts';
import { storeText } from '../mongo/storable-text.ts';

/** Absent fields filter nothing. */
export interface RunFilter {
  ruleId?: string;
  /** null = runs of no brand; a list = any of them. */
  brand?: string | null | (string | null)[];
  /** `running` finds `claimed` runs too: they are under way for everybody who looks. A list = any of them. */
  status?: RunStatus | readonly RunStatus[];
  waitsFor?: WaitReason;
  trigger?: string;
  customerId?: string;
  login?: number;
  eventId?: string;
  /** ISO 8601 UTC, by the time of the claim; `from` included, `to` not. */
  from?: string;
  to?: string;
  /** ISO 8601 UTC: only runs that had ended before. */
  finishedBefore?: string;
}

export interface RunRecords {
  get(executionId: string): Promise<RunRecord | null>;
  byNumber(number: number): Promise<RunRecord | null>;
  /** Newest first. @throws InvalidInputError for a wrong cursor */
  list(filter: RunFilter, page?: PageRequest): Promise<Page<RunRecord>>;
  /** As `list`, the oldest first. */
  listOldest(filter: RunFilter, page?: PageRequest): Promise<Page<RunRecord>>;
  /** Runs over the limit of their rule, oldest first. The filter's status counts for nothing. */
  listHeld(filter: RunFilter, page?: PageRequest): Promise<Page<RunRecord>>;
  /** Runs that have not ended and were claimed before a time (ISO 8601 UTC), oldest first. */
  listOpen(claimedBefore: string, page?: PageRequest): Promise<Page<RunRecord>>;
  /** Counts no further than `most`, so that it stays quick on a large log. */
  count(filter: RunFilter, most: number): Promise<BoundedCount>;
}

export const newestFirst = { claimed_at: -1, _id: -1 } as const;
const oldestFirst = { claimed_at: 1, _id: 1 } as const;

export function createRunRecords(connection: Connection): RunRecords {
  const runs = runModel(connection);

  const list = async (
    filter: QueryFilter<RunDocument>,
    sort: typeof newestFirst | typeof oldestFirst,
    page: PageRequest,
  ): Promise<Page<RunRecord>> => {
    const query = { filter, sort, types: ['string', 'string'], projection: internalFields } as const;
    const { items, nextCursor } = await readPage(runs, query, page);
    return { items: items.map(toRunRecord), nextCursor };
  };

  return guarded<RunRecords>({
    async get(executionId) {
      const document = await runs.findById(storeText(executionId), internalFields).lean();
      return document && toRunRecord(document);
    },
    async byNumber(number) {
      const document = await runs.findOne({ number }, internalFields).lean();
      return document && toRunRecord(document);
    },
    list: (filter, page = {}) => list(buildRunsQuery(filter), newestFirst, page),
    listOldest: (filter, page = {}) => list(buildRunsQuery(filter), oldestFirst, page),
    count: (filter, most) => countUpTo(runs, buildRunsQuery(filter), most),
    listHeld: (filter, page = {}) => list({ ...buildRunsQuery(filter), status: 'held' }, oldestFirst, page),
    listOpen: (claimedBefore, page = {}) =>
      list(
        { status: { $in: ['claimed', 'running', 'paused'] }, claimed_at: { $lt: claimedBefore } },
        oldestFirst,
        page,
      ),
  });
}

export function buildRunsQuery(filter: RunFilter): QueryFilter<RunDocument> {
  const { ruleId, brand, status, waitsFor, trigger, customerId, login, eventId, from, to, finishedBefore } = filter;
  return {
    ...(ruleId !== undefined && { rule_id: storeText(ruleId) }),
    ...(brand !== undefined && { brand: Array.isArray(brand) ? { $in: brand } : brand }),
    ...((status !== undefined || waitsFor !== undefined) && { status: oneOfStatuses(status, waitsFor) }),
    ...(waitsFor !== undefined && { waits_for: waitsFor }),
    ...(trigger !== undefined && { trigger_event: trigger }),
    ...(customerId !== undefined && { customer_id: storeText(customerId) }),
    ...(login !== undefined && { login }),
    ...(eventId !== undefined && { event_id: storeText(eventId) }),
    ...((from !== undefined || to !== undefined) && {
      claimed_at: { ...(from !== undefined && { $gte: from }), ...(to !== undefined && { $lt: to }) },
    }),
    ...(finishedBefore !== undefined && { finished_at: { $lt: finishedBefore } }),
  };
}

/** What a run waited for last stays in its record: only with this status it waits. */
const statusWhile = { approval: 'paused', operator: 'paused', delay: 'running' } as const;

function oneOfStatuses(
  status: RunFilter['status'],
  waitsFor: WaitReason | undefined,
): RunStatus | { $in: RunStatus[] } {
  const waiting = waitsFor === undefined ? undefined : statusWhile[waitsFor];
  const asked = status === undefined ? [waiting!] : [status].flat();
  const possible = asked.filter((one) => waiting === undefined || one === waiting);
  const all = possible.flatMap((one): RunStatus[] => (one === 'running' ? ['claimed', 'running'] : [one]));
  return all.length === 1 ? all[0]! : { $in: all };
}
