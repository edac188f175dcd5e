/** What the worker does by itself, again and again, as Temporal Schedules. */
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client, type ScheduleOptions } from '@temporalio/client';
import type { Config } from '#libs/config/config.ts';
import { schedules } from '#temporal/contract/names.ts';

type ScheduleSettings = Pick<Config, 'TEMPORAL_TASK_QUEUE' | 'OVERDUE_INTERVAL_MS' | 'INACTIVITY_INTERVAL_MS'>;

const reconcileMs = 60_000;

/** Makes the schedules, or brings those there are up to date; a pause somebody put on one stays. */
export async function ensureSchedules(client: Client, config: ScheduleSettings): Promise<void> {
  const every = {
    reconcileRuns: reconcileMs,
    detectOverdueTasks: config.OVERDUE_INTERVAL_MS,
    detectInactiveCustomers: config.INACTIVITY_INTERVAL_MS,
  };
  for (const { workflow, idOf } of schedules) {
    await ensureSchedule(client, idOf(config.TEMPORAL_TASK_QUEUE), workflow, every[workflow], config);
  }
}

async function ensureSchedule(
  client: Client,
  scheduleId: string,
  workflowType: string,
  everyMs: number,
  { TEMPORAL_TASK_QUEUE: taskQueue }: ScheduleSettings,
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
