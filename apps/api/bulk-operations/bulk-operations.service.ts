/** Counts what a command would be given to, starts bulk operations and tells of them. */
import { randomUUID } from 'node:crypto';
import type { BulkBody, BulkOutcomesQuery, BulkPreviewBody, BulkQuery } from '#libs/contracts/bulk-operation.schema.ts';
import type { AuditEvent, Audited } from '#libs/domain/access/audit-log.ts';
import { statusesFor, type BulkOperation, type BulkOrder, type BulkOutcome } from '#libs/domain/runs/bulk-operation.ts';
import { RetryableError } from '#libs/domain/errors/errors.ts';
import { writeJson } from '#libs/domain/json/stringify-json.ts';
import { maskText } from '#libs/domain/masking/masking.ts';
import { sha256 } from '#libs/domain/values/sha256.ts';
import type { BoundedCount } from '#libs/store/mongo/bounded-count.ts';
import type { Page } from '#libs/store/mongo/keyset-page.ts';
import type { BulkOperations } from '#libs/store/runs/bulk-operation.repository.ts';
import type { BulkOutcomes } from '#libs/store/runs/bulk-outcome.repository.ts';
import { selectBulkRuns } from '#libs/store/runs/run-selection.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import type { BulkStarter } from '#temporal/client/bulk-starter.ts';
import { ApiError } from '../http/api.error.ts';
import { brandScope } from '../auth/brand-scope.ts';
import type { Session } from '../auth/authenticate.ts';
import type { RunReader } from '../runs/run.reader.ts';
import type { BulkPreviewView } from './bulk-operation.schema.ts';

export interface BulkOperationsPorts {
  operations: BulkOperations;
  outcomes: BulkOutcomes;
  starter: BulkStarter;
  runs: Pick<RunReader, 'count'>;
  audited: Audited;
  /** Runs that one operation may take. */
  maxRuns: number;
  log: Logger;
}

export class BulkOperationsService {
  readonly #ports: BulkOperationsPorts;

  constructor(ports: BulkOperationsPorts) {
    this.#ports = ports;
  }

  /** @throws ApiError 422 `invalid_body` for a status that is not one of the command, 403 `access_denied` */
  async preview(session: Session, { command, filter }: BulkPreviewBody): Promise<BulkPreviewView> {
    const until = new Date().toISOString();
    const { count, isMore } = await this.#count({ ...select(session, { command, filter }), until });
    return { count, more: isMore, until };
  }

  /**
   * @param key `Idempotency-Key`: the same request sent again starts nothing and answers with what it started
   * @throws ApiError as `preview`, 409 `bulk_count_changed` where more runs match than the caller expects, 422
   *   `too_many_runs`, `idempotency_key_reused`; what the store throws
   */
  async start(session: Session, body: BulkBody, key: string | null): Promise<BulkOperation> {
    const bulk_id = key === null ? randomUUID() : sha256(writeJson([session.userId, key])).slice(0, 32);
    const request = sha256(writeJson(body, { sortKeys: true }));
    const order = toOrder(session, body);
    const before = key === null ? null : await this.#startedBefore(bulk_id, request);
    if (before !== null && (await this.#isBegun(before))) return before;
    if (before === null) await this.#check(order);
    const wanted = before ?? toOperation(order, bulk_id, request);
    const { command, selection: filter, reason, expected, brands } = order;
    const what = { command, filter, expected, reason, brands };
    return this.#ports.audited(buildAuditEvent('bulk.start', wanted, session, what), async () => {
      // The same request may have come twice at once.
      const stored = await this.#ports.operations.add(wanted);
      if (stored.request !== request) throw reused();
      await this.#orLater(stored, this.#ports.starter.start(stored), false);
      return stored;
    });
  }

  list(session: Session, { limit, cursor }: BulkQuery): Promise<Page<BulkOperation>> {
    const page = { limit, ...(cursor !== undefined && { cursor }) };
    return this.#ports.operations.list((operation) => mayKnow(session, operation), page);
  }

  /** @throws ApiError 404 `bulk_operation_not_found`, also for one that takes runs of brands the session is not for */
  async get(session: Session, id: string): Promise<BulkOperation> {
    const operation = await this.#ports.operations.get(id);
    if (operation !== null && mayKnow(session, operation)) return operation;
    throw new ApiError(404, 'bulk_operation_not_found', 'There is no such bulk operation.');
  }

  /** @throws as `get` */
  async outcomes(
    session: Session,
    id: string,
    { state, limit, cursor }: BulkOutcomesQuery,
  ): Promise<Page<BulkOutcome>> {
    await this.get(session, id);
    return this.#ports.outcomes.list(id, state, { limit, ...(cursor !== undefined && { cursor }) });
  }

  /** @throws as `get`; RetryableError `temporal_unavailable`, `outcome_unknown`: it stops nevertheless, if a worker has it */
  async stop(session: Session, id: string): Promise<BulkOperation> {
    const operation = await this.get(session, id);
    if (operation.finished_at !== null) return operation;
    return this.#ports.audited(buildAuditEvent('bulk.stop', operation, session, {}), async () => {
      await this.#ports.operations.stop(id, session.userId);
      // It was never started, or was ended in the Temporal UI: no worker writes its end.
      if (!(await this.#ports.starter.isUnderWay(id))) await this.#ports.operations.end(id, 'stopped');
      return this.get(session, id);
    });
  }

  /**
   * What is stored is carried out: where Temporal cannot be asked now, the reconciler starts it.
   * @param later the answer then
   */
  async #orLater<T>({ bulk_id }: BulkOperation, ask: Promise<T>, later: T): Promise<T> {
    try {
      return await ask;
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error;
      this.#ports.log.warn(
        { bulkId: bulk_id, err: error },
        'a bulk operation is stored and starts once Temporal is back',
      );
      return later;
    }
  }

  async #startedBefore(bulkId: string, request: string): Promise<BulkOperation | null> {
    const operation = await this.#ports.operations.get(bulkId);
    if (operation !== null && operation.request !== request) throw reused();
    return operation;
  }

  /** A process may have died between storing it and starting its workflow. */
  async #isBegun(operation: BulkOperation): Promise<boolean> {
    const { bulk_id, finished_at } = operation;
    return finished_at !== null || this.#orLater(operation, this.#ports.starter.isUnderWay(bulk_id), true);
  }

  async #check(order: BulkOrder): Promise<void> {
    const { maxRuns } = this.#ports;
    const { count, isMore } = await this.#count(order);
    if (isMore) {
      const message = `More than ${maxRuns} runs match, and one operation takes no more (BULK_RUNS_MAX): filter further.`;
      throw new ApiError(422, 'too_many_runs', message);
    }
    if (count > order.expected) {
      const message = `${count} runs match now, and ${order.expected} were expected: count them again.`;
      throw new ApiError(409, 'bulk_count_changed', message);
    }
  }

  #count(order: Pick<BulkOrder, 'command' | 'selection' | 'brands' | 'until'>): Promise<BoundedCount> {
    return this.#ports.runs.count(selectBulkRuns(order), this.#ports.maxRuns);
  }
}

function select(
  session: Session,
  { command, filter }: BulkPreviewBody,
): Pick<BulkOrder, 'command' | 'selection' | 'brands'> {
  const possible = statusesFor[command];
  if (filter.status !== undefined && !possible.includes(filter.status)) {
    const message = `must be ${possible.join(' or ')} for ${command}`;
    throw new ApiError(422, 'invalid_body', 'The body is wrong; see details.', [
      { path: 'filter.status', code: 'wrong_value', message },
    ]);
  }
  const scope = brandScope(session, filter.brand);
  return { command, selection: filter, brands: scope === undefined ? null : [scope].flat() };
}

function toOrder(session: Session, body: BulkBody): BulkOrder {
  const now = new Date().toISOString();
  return {
    ...select(session, body),
    until: body.until < now ? body.until : now,
    expected: body.expected,
    reason: body.reason === undefined ? null : maskText(body.reason),
    by: session.userId,
    role: session.role,
  };
}

function toOperation(order: BulkOrder, bulk_id: string, request: string): BulkOperation {
  return {
    ...order,
    bulk_id,
    request,
    status: 'running',
    created_at: new Date().toISOString(),
    finished_at: null,
    stopped_by: null,
    total: 0,
    is_collected: false,
    done: 0,
    skipped: 0,
    failed: 0,
    error: null,
  };
}

/** What it tells of a brand is not for those who may not see that brand. */
function mayKnow(session: Session, { brands: taken }: BulkOperation): boolean {
  const { brands } = session;
  return brands === null || (taken !== null && taken.every((brand) => brands.includes(brand)));
}

function buildAuditEvent(
  operation: 'bulk.start' | 'bulk.stop',
  { bulk_id, brands }: BulkOperation,
  session: Session,
  what: object,
): AuditEvent {
  const brand = brands?.length === 1 ? brands[0]! : null;
  return { operation, target: `bulk/${bulk_id}`, brand, by: session.userId, what };
}

function reused(): ApiError {
  return new ApiError(422, 'idempotency_key_reused', 'This Idempotency-Key has been used for another request.');
}
