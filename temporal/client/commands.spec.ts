import { WorkflowUpdateFailedError, type WorkflowClient } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { expect, it } from 'vitest';
import { pauseUpdate } from '#temporal/contract/run-messages.ts';
import { sendCommand } from './commands.ts';
import { ServerClock } from './server-clock.ts';

/** Of a command that Temporal, or the run, answers with a failure of this type. */
async function codeOf(type: string): Promise<unknown> {
  const failure = ApplicationFailure.nonRetryable('no', type);
  const executeUpdate = (): Promise<never> => Promise.reject(new WorkflowUpdateFailedError('failed', failure));
  const client = {
    getHandle: () => ({ executeUpdate }),
    withDeadline: (_deadline: number, act: () => Promise<unknown>) => act(),
  } as unknown as WorkflowClient;
  const clock = new ServerClock(client, 60_000);
  clock.now = () => Promise.resolve(Date.now());
  const input = { by: { userId: 'root', role: '' }, reason: null };
  const sent = sendCommand(client, 'run', pauseUpdate, input, { id: 'a', timeoutMs: 1000, clock });
  return sent.catch((error: { code?: string }) => error.code);
}

it.each([
  ['what the run says', 'approval_conflict', 'approval_conflict'],
  ['a command that came too late', 'command_expired', 'temporal_unavailable'],
  ['a command that the server took back from a worker', 'UnprocessedUpdate', 'temporal_unavailable'],
  ['a command that was taken by a run that was then terminated', 'AcceptedUpdateCompletedWorkflow', 'outcome_unknown'],
])('tells %s for what it is', async (_what, type, code) => {
  expect(await codeOf(type)).toBe(code);
});
