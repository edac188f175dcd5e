/** `notify.manager`: leaves a notification for the manager concerned, or for all of them. */
import { PermanentError } from '#libs/domain/errors.ts';
import type { Customer, DirectoryEffects, Manager } from '#libs/domain/directory.ts';
import type { Notification, NotificationStore } from '#libs/domain/notification.ts';
import type { NotifyManagerInput, StepResult } from '#temporal/contract/activities.ts';

export interface NotifyManagerPorts {
  directory: Pick<DirectoryEffects, 'customer' | 'manager' | 'enabledManagers'>;
  notifications: NotificationStore;
}

type Recipients = { managers: Manager[]; because: 'named by the rule' | 'of the customer' | 'broadcast' };

/**
 * Who is notified: the manager the rule names; else the customer's `assigned_manager_id`; else the customer's
 * `manager_id`; else every enabled manager who works for the brand of the run.
 */
export function notifyManagerActivity(ports: NotifyManagerPorts) {
  return async (input: NotifyManagerInput): Promise<StepResult> => {
    const { managers, because } = await recipientsOf(input, ports.directory);
    await ports.notifications.add(managers.map((manager) => notificationFor(manager, input)));
    const ids = managers.map(({ id }) => id).join(', ');
    return { detail: `notified ${managers.length === 1 ? 'manager' : 'managers'} ${ids} (${because})` };
  };
}

async function recipientsOf(
  { managerId, customerId, tenant }: NotifyManagerInput,
  directory: NotifyManagerPorts['directory'],
): Promise<Recipients> {
  if (managerId !== null && managerId !== 0) {
    // A wish that names somebody is never widened to everybody: the message may be private.
    const manager = await enabled(directory, managerId);
    if (manager === null) {
      throw new PermanentError('manager_not_found', `Manager ${managerId} is unknown or not enabled`);
    }
    return { managers: [manager], because: 'named by the rule' };
  }
  const customer = customerId === null ? null : await directory.customer(customerId);
  for (const id of managersOf(customer)) {
    const manager = await enabled(directory, id);
    if (manager !== null) return { managers: [manager], because: 'of the customer' };
  }
  const everybody = await directory.enabledManagers();
  const managers = everybody.filter((manager) => manager.enabled && worksFor(manager, tenant));
  if (managers.length === 0) {
    throw new PermanentError('manager_not_found', `There is no enabled manager for brand ${tenant} to notify`);
  }
  return { managers, because: 'broadcast' };
}

function managersOf(customer: Customer | null): number[] {
  return [customer?.assigned_manager_id, customer?.manager_id].filter(
    (id) => typeof id === 'number' && id !== 0,
  ) as number[];
}

async function enabled(directory: NotifyManagerPorts['directory'], id: number): Promise<Manager | null> {
  const manager = await directory.manager(id);
  return manager?.enabled ? manager : null;
}

function worksFor({ brands }: Manager, brand: string): boolean {
  return brands === undefined || brands.includes(brand);
}

function notificationFor(manager: Manager, input: NotifyManagerInput): Notification {
  return {
    id: `${input.key}/${manager.id}`,
    manager_id: manager.id,
    title: input.title ?? input.ruleName,
    message: input.message ?? `The rule "${input.ruleName}" matched event ${input.eventId}.`,
    tenant: input.tenant,
    run_id: input.executionId,
    rule_id: input.ruleId,
    rule_name: input.ruleName,
    event_id: input.eventId,
    customer_id: input.customerId,
    login: input.login,
    created_at: new Date().toISOString(),
  };
}
