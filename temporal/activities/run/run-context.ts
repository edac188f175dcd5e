/** What a run was decided on, read from its start: an input that holds it again for each action could be too large. */
import { activityInfo } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { RuntimeContext } from '#libs/domain/context/evaluation-context.ts';
import { messageOf, PermanentError, RetryableError } from '#libs/domain/errors/errors.ts';
import type { RunInput } from '#libs/domain/runs/run.ts';

/** Milliseconds. */
const answerWithinMs = 10_000;

/** @throws RetryableError `temporal_unavailable` */
export function runContextReader(client: Client): () => Promise<RuntimeContext> {
  return async () => {
    const { workflowExecution: execution, workflowNamespace: namespace } = activityInfo();
    const request = { namespace, execution, maximumPageSize: 1 };
    const ask = () => client.workflowService.getWorkflowExecutionHistory(request);
    const { history } = await client.withDeadline(Date.now() + answerWithinMs, ask).catch((error: unknown) => {
      throw new RetryableError('temporal_unavailable', `Temporal cannot be reached: ${messageOf(error)}`, {
        cause: error,
      });
    });
    const input = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
    if (input === null || input === undefined) {
      throw new PermanentError('run_not_found', `The start of run "${execution?.workflowId ?? ''}" is known no more`);
    }
    return defaultPayloadConverter.fromPayload<RunInput>(input).context;
  };
}
