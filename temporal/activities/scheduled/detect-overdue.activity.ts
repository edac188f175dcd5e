/**
 * Publishes `task.overdue` for each open task past its due date, once: its id follows from the task, so the ingress
 * takes it once even if this dies between the publication and its mark.
 */
import type { CrmEnvelope } from '#libs/contracts/crm-message.ts';
import { overdueTrigger } from '#libs/domain/events/customer-activity.ts';
import type { OverdueTasks, Task } from '#libs/domain/crm/task.ts';
import type { DetectionResult } from '#temporal/contract/activities.ts';
import type { CrmPublisherPort } from '../crm/publish-changes.ts';

export interface DetectOverduePorts {
  tasks: OverdueTasks;
  crm: CrmPublisherPort;
  heartbeat: () => void;
  now: () => Date;
}

const pageSize = 200;

export function detectOverdueActivity({ tasks, crm, heartbeat, now }: DetectOverduePorts) {
  return async (): Promise<DetectionResult> => {
    const at = now().toISOString();
    let published = 0;
    for (;;) {
      const overdue = await tasks.overdue(at, pageSize);
      if (overdue.length === 0) return { published };
      await crm.publish(overdue.map(buildEvent));
      await tasks.markOverdue(
        overdue.map(({ id }) => id),
        at,
      );
      published += overdue.length;
      heartbeat();
    }
  };
}

function buildEvent({
  id,
  tenant,
  login,
  customer_id,
  type,
  title,
  due_at,
  created_at,
  assignee_id,
}: Task): CrmEnvelope {
  return {
    id: `${overdueTrigger}:${id}`,
    type: overdueTrigger,
    occurredAt: due_at ?? created_at,
    ...(tenant !== null && { brand: tenant }),
    ...(login !== null && { login }),
    customerId: customer_id,
    data: { task_id: id, type, title, due_at, assignee_id },
  };
}
