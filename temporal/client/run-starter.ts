/** Starts one workflow for each claimed run. The workflow id is the run's, so Temporal itself refuses a second one. */
import {
  isGrpcServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  type WorkflowClient,
} from '@temporalio/client';
import type { SearchAttributePair } from '@temporalio/common';
import { messageOf, PermanentError, SignalboxError } from '#libs/domain/errors/errors.ts';
import type { RunInput, RunPatch } from '#libs/domain/runs/run.ts';
import { runRuleWorkflow, searchAttributes } from '#temporal/contract/names.ts';
import { cut } from '#libs/domain/values/shorten.ts';

export type StartOutcome = 'started' | 'already_started';

export interface RunStarter {
  /**
   * @throws PermanentError `start_refused` when Temporal will never take this run; anything else may pass
   */
  start(run: RunInput): Promise<StartOutcome>;
}

/** How long one attempt may take, in milliseconds. */
const deadlineMs = 10_000;
/** gRPC status `INVALID_ARGUMENT`. */
const invalidArgument = 3;

export function createRunStarter(client: WorkflowClient, taskQueue: string): RunStarter {
  return {
    async start(run) {
      try {
        await client.withDeadline(Date.now() + deadlineMs, () =>
          client.start(runRuleWorkflow, {
            taskQueue,
            workflowId: run.executionId,
            workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
            workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
            args: [run],
            typedSearchAttributes: buildSearchAttributes(run),
            staticSummary: run.rule.name,
          }),
        );
        return 'started';
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) return 'already_started';
        throw isRefusal(error)
          ? new PermanentError('start_refused', `Temporal refuses the run: ${toReason(error)}`, { cause: error })
          : error;
      }
    },
  };
}

/** How the record of a run ends that Temporal will never take. */
export function refusedEnd(error: unknown): RunPatch {
  const code = error instanceof SignalboxError ? error.code : 'start_failed';
  return {
    status: 'failed',
    started_at: null,
    finished_at: new Date().toISOString(),
    duration_ms: null,
    error: { code, message: messageOf(error), action: null },
    actions: [],
  };
}

/** Temporal's SQL visibility stores no longer keyword; one that is too long would keep the run out of every search. */
const maxKeywordBytes = 255;

function buildSearchAttributes(run: RunInput): SearchAttributePair[] {
  const { ruleId, brand, triggerEvent, eventId, customerId } = searchAttributes;
  const keywords: [typeof ruleId, string | null][] = [
    [ruleId, run.rule.id],
    [triggerEvent, run.event.trigger],
    [eventId, run.event.id],
    [brand, run.context.brand],
    [customerId, run.customerId],
  ];
  const pairs: SearchAttributePair[] = [];
  for (const [key, value] of keywords) if (value !== null) pairs.push({ key, value: cut(value, maxKeywordBytes) });
  if (run.login !== null) pairs.push({ key: searchAttributes.login, value: run.login });
  return pairs;
}

/** True when the run itself is what Temporal does not take, most often because it is too large. */
function isRefusal(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!isGrpcServiceError(cause)) return false;
  // A namespace without our search attributes is not the run's fault: an operator has to add them, then the run starts.
  if (/search attribute/i.test(cause.details)) return false;
  const code: number = cause.code;
  return code === invalidArgument || /message larger than max/i.test(cause.details);
}

function toReason(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return isGrpcServiceError(cause) ? cause.details : messageOf(error);
}
