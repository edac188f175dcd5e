/**
 * Closes the records of runs that Temporal ended without their knowledge, and starts those that never were. A schedule
 * starts it; each one goes on where the last that succeeded stopped.
 */
import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { MaintenanceActivities, ReconcileResult } from '#temporal/contract/activities.ts';
import { reconcileOptions } from '../activity-options.ts';

const { reconcile } = proxyActivities<MaintenanceActivities>(reconcileOptions);

export async function reconcileRuns(): Promise<ReconcileResult> {
  const last = workflowInfo().lastResult as ReconcileResult | undefined;
  return reconcile({ closedSince: last?.closedSince ?? null, openAfter: last?.openAfter ?? null });
}
