/** The workflow types of this system: every export is registered under its name. */
export { backtestRule } from './backtest.workflow.ts';
export { detectInactiveCustomers, detectOverdueTasks } from './detectors.workflow.ts';
export { reconcileRuns } from './reconcile-runs.workflow.ts';
export { runRule } from './run-rule.workflow.ts';
