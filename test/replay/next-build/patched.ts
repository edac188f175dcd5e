/** A build that does something more at the beginning of each run, and knows that earlier runs did not. */
import { patched, sleep } from '@temporalio/workflow';
import type { RunInput } from '#libs/domain/runs/run.ts';
import { runRule as present } from '#temporal/workflows/run/run-rule.workflow.ts';

export async function runRule(input: RunInput): Promise<void> {
  if (patched('wait-a-moment')) await sleep(1000);
  await present(input);
}
