/** The workflow types of this system: every export is registered under its name. */
export { executeBulkOperation } from './bulk/execute-bulk-operation.workflow.ts';
export { backtestRule } from './scheduled/backtest.workflow.ts';
export { detectInactiveCustomers, detectOverdueTasks } from './scheduled/detectors.workflow.ts';
export { reconcileRuns } from './scheduled/reconcile-runs.workflow.ts';
export { deliverToSubscription } from './delivery/deliver-to-subscription.workflow.ts';
export { runRule } from './run/run-rule.workflow.ts';
