/** Starts backtests and tells of them; each is a Temporal workflow of its own. */
import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type Client,
  type WorkflowExecutionDescription,
} from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { randomUUID } from 'node:crypto';
import type { BacktestBody } from '#libs/contracts/backtest.schema.ts';
import type { AuditEvent, Audited } from '#libs/domain/access/audit-log.ts';
import { backtestNotes, type BacktestProgress, type BacktestResult } from '#libs/domain/rules/backtest-result.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import { sha256 } from '#libs/domain/values/sha256.ts';
import { messageOf, RetryableError, SignalboxError } from '#libs/domain/errors/errors.ts';
import { writeJson } from '#libs/domain/json/stringify-json.ts';
import { maskText } from '#libs/domain/masking/masking.ts';
import type { RuleVersions } from '#libs/store/rules/rule-version.repository.ts';
import type { BacktestInput, BacktestMemo } from '#temporal/contract/backtest.ts';
import { backtestWorkflow } from '#temporal/contract/names.ts';
import { ApiError } from '../http/api.error.ts';
import { visibleVersion } from '../rules/rule-history.ts';
import type { RuleReader } from '../rules/rule.reader.ts';
import { noVersion, type RulesService } from '../rules/rules.service.ts';
import { maySee } from '../auth/brand-scope.ts';
import type { Session } from '../auth/authenticate.ts';
import type { BacktestView } from './backtest.schema.ts';

export interface BacktestsPorts {
  client: Client;
  taskQueue: string;
  writer: Pick<RulesService, 'read'>;
  rules: Pick<RuleReader, 'get'>;
  versions: Pick<RuleVersions, 'get'>;
  audited: Audited;
}

/** How long Temporal may take to answer, in milliseconds. */
const deadlineMs = 5_000;
/** Of both rules: Temporal takes 2 MB. */
const maxBytes = 1_500_000;
const dayMs = 24 * 60 * 60 * 1000;

export class BacktestsService {
  readonly #ports: BacktestsPorts;

  constructor(ports: BacktestsPorts) {
    this.#ports = ports;
  }

  /**
   * @param key `Idempotency-Key`: the same request sent again starts nothing and answers with what it started
   * @throws ApiError 422 `invalid_rule`, `idempotency_key_reused`, 404 `version_not_found`, 403 `access_denied`, 413 `too_large`; RetryableError
   *   `temporal_unavailable`
   */
  async start(
    session: Session,
    { rule: input, days, against }: BacktestBody,
    key: string | null = null,
  ): Promise<BacktestView> {
    const { candidate, id } = await this.#ports.writer.read(session, input);
    const found = id === null || against === null ? null : await this.#compared(session, id, against);
    // The result names events: those of another brand are not for everybody who may ask for it.
    const isComparable = found !== null && (candidate.brand === null || found.brand === candidate.brand);
    const stored = isComparable ? found : null;
    const now = Date.now();
    const memo = {
      brand: candidate.brand,
      by: session.userId,
      rule_id: id,
      days,
      against: stored?.version ?? null,
    } satisfies BacktestMemo;
    const given: BacktestInput = {
      candidate: writeJson(candidate),
      stored: stored === null ? null : writeJson(stored),
      since: now - days * dayMs,
    };
    const bytes = Buffer.byteLength(given.candidate) + Buffer.byteLength(given.stored ?? '');
    if (bytes > maxBytes) {
      const mend = 'hold it against its events by "signalbox rules backtest"';
      throw new ApiError(
        413,
        'too_large',
        `The rule takes ${bytes} bytes, at most ${maxBytes} go to Temporal: ${mend}.`,
      );
    }
    const backtestId = key === null ? randomUUID() : sha256(JSON.stringify([session.userId, key])).slice(0, 32);
    const request = sha256(writeJson({ days, rule: input, ...(against !== undefined && { against }) }));
    const before = key === null ? null : await this.#startedBefore(session, backtestId, request);
    if (before !== null) return before;
    const note: AuditEvent = {
      operation: 'backtest.start',
      target: `backtest/${backtestId}`,
      brand: memo.brand,
      by: memo.by,
      what: { rule_id: id, name: candidate.name, days },
    };
    const isNew = await this.#ports.audited(note, () =>
      this.#ask(async () => {
        try {
          await this.#ports.client.workflow.start(backtestWorkflow, {
            workflowId: buildWorkflowId(backtestId),
            workflowIdReusePolicy: 'REJECT_DUPLICATE',
            taskQueue: this.#ports.taskQueue,
            args: [given],
            memo: { ...memo, request },
            staticSummary: `${candidate.name}, ${days} days`,
          });
          return true;
        } catch (error) {
          if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
          throw error;
        }
      }),
    );
    // The same request may have come twice at once.
    if (!isNew) return (await this.#startedBefore(session, backtestId, request)) ?? this.get(session, backtestId);
    const nothing = { finished_at: null, progress: null, result: null, error: null };
    return { id: backtestId, ...memo, status: 'running', started_at: new Date(now).toISOString(), ...nothing };
  }

  /** @throws ApiError 404 `version_not_found`, also for one that the session may not see */
  async #compared(session: Session, id: string, version: number | undefined): Promise<Rule | null> {
    if (version === undefined) return this.#ports.rules.get(id);
    const saved = await visibleVersion(this.#ports.versions, session, id, version);
    if (saved?.rule == null) throw noVersion();
    return saved.rule;
  }

  async #startedBefore(session: Session, id: string, request: string): Promise<BacktestView | null> {
    const description = await this.#describe(id);
    if (description === null) return null;
    if (description.memo?.['request'] === request) return this.get(session, id);
    throw new ApiError(422, 'idempotency_key_reused', 'This Idempotency-Key has been used for another request.');
  }

  /** @throws ApiError 404 `backtest_not_found`, also for one of a brand the session is not for */
  async get(session: Session, id: string): Promise<BacktestView> {
    const { memo, description } = await this.#visible(session, id);
    const status = toStatus(description);
    const handle = this.#ports.client.workflow.getHandle<(input: BacktestInput) => Promise<BacktestResult>>(
      buildWorkflowId(id),
    );
    const ended = status === 'completed' ? await this.#ask(() => handle.result()) : null;
    const error = status === 'failed' ? await readFailure(() => handle.result()) : null;
    return {
      id,
      ...memo,
      status,
      started_at: description.startTime.toISOString(),
      finished_at: description.closeTime?.toISOString() ?? null,
      progress: status === 'running' ? readProgress(description) : null,
      result: ended && { ...ended, notes: [...backtestNotes] },
      error,
    };
  }

  /** One that has ended stays as it is. */
  async cancel(session: Session, id: string): Promise<void> {
    const { brand } = (await this.#visible(session, id)).memo;
    const note: AuditEvent = { operation: 'backtest.cancel', target: `backtest/${id}`, brand, by: session.userId };
    await this.#ports.audited(note, () =>
      this.#ask(async () => {
        try {
          await this.#ports.client.workflow.getHandle(buildWorkflowId(id)).cancel();
        } catch (error) {
          // It has just ended.
          if (!(error instanceof WorkflowNotFoundError)) throw error;
        }
      }),
    );
  }

  async #visible(
    session: Session,
    id: string,
  ): Promise<{ memo: Required<BacktestMemo>; description: WorkflowExecutionDescription }> {
    const description = await this.#describe(id);
    const memo = description?.memo as BacktestMemo | undefined;
    if (description === null || memo === undefined || !maySee(session, memo.brand)) {
      throw new ApiError(404, 'backtest_not_found', 'There is no such backtest.');
    }
    const { brand, by, rule_id, days, against = null } = memo;
    return { memo: { brand, by, rule_id, days, against }, description };
  }

  #describe(id: string): Promise<WorkflowExecutionDescription | null> {
    return this.#ask(async () => {
      try {
        return await this.#ports.client.workflow.getHandle(buildWorkflowId(id)).describe();
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return null;
        throw error;
      }
    });
  }

  async #ask<Result>(what: () => Promise<Result>): Promise<Result> {
    try {
      return await this.#ports.client.withDeadline(Date.now() + deadlineMs, what);
    } catch (error) {
      if (error instanceof SignalboxError || error instanceof ApiError) throw error;
      const message = `Temporal could not be reached: ${messageOf(error)}`;
      throw new RetryableError('temporal_unavailable', message, { cause: error });
    }
  }
}

function buildWorkflowId(id: string): string {
  return `backtest/${id}`;
}

function toStatus({ status }: WorkflowExecutionDescription): BacktestView['status'] {
  if (status.name === 'RUNNING') return 'running';
  if (status.name === 'COMPLETED') return 'completed';
  return status.name === 'CANCELLED' ? 'cancelled' : 'failed';
}

function readProgress({ raw }: WorkflowExecutionDescription): BacktestProgress | null {
  const [payload] = raw.pendingActivities?.[0]?.heartbeatDetails?.payloads ?? [];
  return payload == null ? null : defaultPayloadConverter.fromPayload<BacktestProgress>(payload);
}

async function readFailure(result: () => Promise<unknown>): Promise<string> {
  try {
    await result();
    return '';
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const root = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
    return maskText(messageOf(root));
  }
}
