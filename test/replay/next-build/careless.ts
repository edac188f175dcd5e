/** The same change, made as if no run were under way. */
import { sleep } from '@temporalio/workflow';
import type { RunInput } from '#libs/domain/runs/run.ts';
import { runRule as present } from '#temporal/workflows/run/run-rule.workflow.ts';

export async function runRule(input: RunInput): Promise<void> {
  await sleep(1000);
  await present(input);
}
