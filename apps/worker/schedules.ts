/** What the worker does by itself, again and again, as Temporal Schedules. */
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client, type ScheduleOptions } from '@temporalio/client';
import type { Config } from '#libs/config/config.ts';
import { schedules } from '#temporal/contract/names.ts';

const reconcileMs = 60_000;

/** Makes the schedules, or brings those there are up to date; a paused schedule stays paused. */
export async function ensureSchedules(
  client: Client,
  taskQueue: string,
  detectors: Config['detectors'],
): Promise<void> {
  const every = {
    reconcileRuns: reconcileMs,
    detectOverdueTasks: detectors.overdueIntervalMs,
    detectInactiveCustomers: detectors.inactivityIntervalMs,
  };
  for (const { workflow, idOf } of schedules) {
    await ensureSchedule(client, idOf(taskQueue), workflow, every[workflow], taskQueue);
  }
}

async function ensureSchedule(
  client: Client,
  scheduleId: string,
  workflowType: string,
  everyMs: number,
  taskQueue: string,
): Promise<void> {
  const options: ScheduleOptions = {
    scheduleId,
    spec: { intervals: [{ every: everyMs }] },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1m' },
    action: { type: 'startWorkflow', workflowType, taskQueue, args: [], workflowId: scheduleId },
  };
  try {
    await client.schedule.create(options);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule.getHandle(scheduleId).update(({ state }) => ({ ...options, state }));
  }
}
