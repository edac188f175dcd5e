import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client, type ScheduleOptions } from '@temporalio/client';
import { reconcileSchedule, reconcileWorkflow } from '#temporal/contract/names.ts';

/** Makes the schedule of the reconciler, or brings the one there is up to date; a pause somebody put on it stays. */
export async function ensureReconcileSchedule(client: Client, taskQueue: string): Promise<void> {
  const scheduleId = reconcileSchedule(taskQueue);
  const options: ScheduleOptions = {
    scheduleId,
    spec: { intervals: [{ every: '1m' }] },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1m' },
    action: { type: 'startWorkflow', workflowType: reconcileWorkflow, taskQueue, args: [], workflowId: scheduleId },
  };
  try {
    await client.schedule.create(options);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule.getHandle(scheduleId).update(({ state }) => ({ ...options, state }));
  }
}
