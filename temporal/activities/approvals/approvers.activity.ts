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

/** For each enabled manager who is waited for. */
export function remindApproversActivity(ports: ApproverPorts) {
  return (approval: Approval): Promise<void> =>
    notify(ports, approval, (manager) => isWaitedFor(manager, approval), {
      kind: 'reminder',
      title: `Waiting for your answer: ${approval.title}`,
      message: `The rule "${approval.rule_name}" waits for an answer until ${approval.expires_at ?? 'one is given'}.`,
    });
}

/** For each enabled manager who is asked, whether or not they have answered. */
export function notifyCancelledActivity(ports: ApproverPorts) {
  return (approval: Approval): Promise<void> =>
    notify(ports, approval, (manager) => isAsked(manager, approval), {
      kind: 'cancelled',
      title: `No answer is needed any more: ${approval.title}`,
      message: `The rule "${approval.rule_name}" waits for no answer any more: its run was cancelled.`,
    });
}

interface Note {
  /** Part of the notification's id. */
  kind: string;
  title: string;
  message: string;
}

/** Leaves one notification for each, however often it is attempted. */
async function notify(
  { directory, notifications }: ApproverPorts,
  approval: Approval,
  isMeant: (manager: Manager) => boolean,
  { kind, title, message }: Note,
): Promise<void> {
  const { run_id, action } = approval;
  const managers = (await directory.enabledManagers()).filter(isMeant);
  await notifications.add(
    managers.map((manager) => ({
      id: `${idempotencyKey(run_id, action)}/${kind}/${approval.token.slice(0, 8)}/${manager.id}`,
      manager_id: manager.id,
      title,
      message,
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
}

function isWaitedFor(manager: Manager, approval: Approval): boolean {
  const hasAnswered = approval.answers.some(({ by, person }) => isCalled(manager, by) || isCalled(manager, person));
  return !hasAnswered && isAsked(manager, approval);
}

function isAsked(manager: Manager, { tenant, approvers, forbidden_users }: Approval): boolean {
  const isOneOf = (users: readonly string[]): boolean => users.some((name) => isCalled(manager, name));
  if (!worksFor(manager, tenant) || isOneOf(forbidden_users)) return false;
  return isOneOf(approvers.users) || mayHaveRole(manager, approvers.roles);
}

function isCalled(manager: Manager, name: string): boolean {
  return goesBy({ userId: String(manager.id), names: namesOfManager(manager) }, name);
}

/** The directory need not know the roles of those who sign in: managers who may have the role are reminded. */
function mayHaveRole({ roles }: Manager, asked: readonly string[]): boolean {
  return asked.length > 0 && (roles === undefined || roles.some((role) => asked.includes(role)));
}
