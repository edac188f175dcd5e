/** What a run was decided on, read from its start: an input that holds it again for each action could be too large. */
import { activityInfo } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { RuntimeContext } from '#libs/domain/context/evaluation-context.ts';
import { withData, type RunDataStore } from '#libs/domain/context/run-data.ts';
import { messageOf, PermanentError, RetryableError } from '#libs/domain/errors/errors.ts';
import { firstRunId, type RunInput } from '#libs/domain/runs/run.ts';

/** Milliseconds. */
const answerWithinMs = 10_000;

/** That of a request comes with its data as it is now. @throws RetryableError `temporal_unavailable`, `store_unavailable` */
export function runContextReader(client: Client, runData: RunDataStore): () => Promise<RuntimeContext> {
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
    const run = defaultPayloadConverter.fromPayload<RunInput>(input);
    return run.request === undefined ? run.context : withData(run.context, await runData.changes(firstRunId(run)));
  };
}
