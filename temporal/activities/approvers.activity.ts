/** Who of the directory is asked to approve, and how they are reminded. */
import type { Approval } from '#libs/domain/approval.ts';
import type { DirectoryEffects, Manager } from '#libs/domain/directory.ts';
import type { NotificationStore } from '#libs/domain/notification.ts';
import { idempotencyKey } from '#libs/domain/run.ts';
import type { StepSubject } from '#temporal/contract/activities.ts';
import { managerOfCustomer } from './managers.ts';

export interface ApproverPorts {
  directory: Pick<DirectoryEffects, 'customer' | 'manager' | 'enabledManagers'>;
  notifications: NotificationStore;
}

/** The names under which the customer's manager signs in: the id as text, and the e-mail address. */
export function managerOfCustomerActivity({ directory }: ApproverPorts) {
  return async ({ customerId, tenant }: StepSubject): Promise<{ users: string[] }> => {
    const customer = customerId === null ? null : await directory.customer(customerId);
    const manager = await managerOfCustomer(directory, customer, tenant);
    return { users: manager === null ? [] : namesOf(manager) };
  };
}

/** Leaves one notification for each approver who is an enabled manager, however often it is attempted. */
export function remindApproversActivity({ directory, notifications }: ApproverPorts) {
  return async (approval: Approval): Promise<void> => {
    const { approvers, answers, run_id, action, title, expires_at } = approval;
    const waitedFor = approvers.users.filter((user) => answers.every(({ by }) => by !== user));
    const managers = (await directory.enabledManagers()).filter((manager) =>
      namesOf(manager).some((name) => waitedFor.includes(name)),
    );
    await notifications.add(
      managers.map((manager) => ({
        id: `${idempotencyKey(run_id, action)}/reminder/${approval.token.slice(0, 8)}/${manager.id}`,
        manager_id: manager.id,
        title: `Waiting for your answer: ${title}`,
        message: `The rule "${approval.rule_name}" waits for an answer until ${expires_at ?? 'somebody gives one'}.`,
        tenant: approval.tenant,
        run_id,
        rule_id: approval.rule_id,
        rule_name: approval.rule_name,
        event_id: approval.event_id,
        customer_id: approval.customer_id,
        login: approval.login,
        created_at: new Date().toISOString(),
      })),
    );
  };
}

function namesOf({ id, email }: Manager): string[] {
  return email === undefined ? [String(id)] : [String(id), email];
}
