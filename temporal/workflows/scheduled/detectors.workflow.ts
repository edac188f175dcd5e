/** Look for what no event tells: that something did not happen. A schedule starts each of them. */
import { proxyActivities } from '@temporalio/workflow';
import type { DetectionResult, MaintenanceActivities } from '#temporal/contract/activities.ts';
import { detectorOptions } from '../activity-options.ts';

const { detectOverdue, detectInactive } = proxyActivities<MaintenanceActivities>(detectorOptions);

export function detectOverdueTasks(): Promise<DetectionResult> {
  return detectOverdue();
}

export function detectInactiveCustomers(): Promise<DetectionResult> {
  return detectInactive();
}
