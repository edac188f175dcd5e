/** Holds a rule against recorded events. Nothing is written, so an attempt that is lost is simply made again. */
import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { BacktestResult } from '#libs/domain/rules/backtest-result.ts';
import type { BacktestActivities, BacktestInput } from '#temporal/contract/backtest.ts';
import { backtestTaskQueue } from '#temporal/contract/names.ts';
import { backtestOptions } from '../activity-options.ts';

export function backtestRule(input: BacktestInput): Promise<BacktestResult> {
  const taskQueue = backtestTaskQueue(workflowInfo().taskQueue);
  const { backtest } = proxyActivities<BacktestActivities>({ ...backtestOptions, taskQueue });
  return backtest(input);
}
