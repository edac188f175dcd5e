/** The build to deploy before it: it goes on with runs that were done something more for, and begins none so itself. */
import { patched, sleep, workflowInfo } from '@temporalio/workflow';
import type { RunInput } from '#libs/domain/runs/run.ts';
import { runRule as present } from '#temporal/workflows/run/run-rule.workflow.ts';

export async function runRule(input: RunInput): Promise<void> {
  if (workflowInfo().unsafe.isReplaying && patched('wait-a-moment')) await sleep(1000);
  await present(input);
}
