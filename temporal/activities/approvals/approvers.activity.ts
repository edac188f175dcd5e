/** Who of the directory is asked to approve, and how they are reminded. */
import type { Approval } from '#libs/domain/approvals/approval.ts';
import { worksFor, type DirectoryActions, type Manager } from '#libs/domain/directory/directory.ts';
import type { NotificationStore } from '#libs/domain/crm/notification.ts';
import { goesBy, namesOfManager } from '#libs/domain/access/person-names.ts';
import { idempotencyKey } from '#libs/domain/runs/run.ts';
import type { ActionTarget } from '#temporal/contract/activities.ts';
import { managerOfCustomer } from '../crm/resolve-manager.ts';

export interface ApproverPorts {
  directory: Pick<DirectoryActions, 'customer' | 'manager' | 'enabledManagers'>;
  notifications: NotificationStore;
}

/** The names under which the customer's manager signs in: the id as text, and the e-mail address. */
export function managerOfCustomerActivity({ directory }: ApproverPorts) {
  return async ({ customerId, tenant }: ActionTarget): Promise<{ users: string[] }> => {
    const customer = customerId === null ? null : await directory.customer(customerId);
    const manager = await managerOfCustomer(directory, customer, tenant);
    return { users: manager === null ? [] : namesOfManager(manager) };
  };
}

/** Leaves one notification for each enabled manager who is waited for, however often it is attempted. */
export function remindApproversActivity({ directory, notifications }: ApproverPorts) {
  return async (approval: Approval): Promise<void> => {
    const { run_id, action, title, expires_at } = approval;
    const managers = (await directory.enabledManagers()).filter((manager) => isWaitedFor(manager, approval));
    await notifications.add(
      managers.map((manager) => ({
        id: `${idempotencyKey(run_id, action)}/reminder/${approval.token.slice(0, 8)}/${manager.id}`,
        manager_id: manager.id,
        title: `Waiting for your answer: ${title}`,
        message: `The rule "${approval.rule_name}" waits for an answer until ${expires_at ?? 'one is given'}.`,
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

function isWaitedFor(manager: Manager, { tenant, approvers, answers, forbidden_users }: Approval): boolean {
  if (!worksFor(manager, tenant)) return false;
  const names = namesOfManager(manager);
  const isCalled = (name: string): boolean => goesBy({ userId: String(manager.id), names }, name);
  if (answers.some(({ by, person }) => isCalled(by) || isCalled(person)) || forbidden_users.some(isCalled))
    return false;
  return approvers.users.some(isCalled) || mayHaveRole(manager, approvers.roles);
}

/** The directory need not know the roles of those who sign in: managers who may have the role are reminded. */
function mayHaveRole({ roles }: Manager, asked: readonly string[]): boolean {
  return asked.length > 0 && (roles === undefined || roles.some((role) => asked.includes(role)));
}
