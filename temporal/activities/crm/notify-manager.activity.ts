/** `notify.manager`: leaves a notification for the manager concerned, or for all of them. */
import { PermanentError } from '#libs/domain/errors/errors.ts';
import { worksFor, type DirectoryActions, type Manager } from '#libs/domain/directory/directory.ts';
import { describeBrand } from '#libs/domain/directory/not-found.ts';
import type { notifiedBecause } from '#libs/domain/runs/action-report.ts';
import type { Notification, NotificationStore } from '#libs/domain/crm/notification.ts';
import type { NotifyManagerInput, ActionResult } from '#temporal/contract/activities.ts';
import { effectRecord } from './action-record.ts';
import { managerOfCustomer, namedManager } from './resolve-manager.ts';

export interface NotifyManagerPorts {
  directory: Pick<DirectoryActions, 'customer' | 'manager' | 'enabledManagers'>;
  notifications: NotificationStore;
}

type Recipients = { managers: Manager[]; because: (typeof notifiedBecause)[number] };

/**
 * Who is notified: the manager the rule names; else the customer's `assigned_manager_id`; else the customer's
 * `manager_id`; else every enabled manager who works for the brand of the run.
 */
export function notifyManagerActivity(ports: NotifyManagerPorts) {
  return async (input: NotifyManagerInput): Promise<ActionResult> => {
    const { managers, because } = await findRecipients(input, ports.directory);
    await ports.notifications.add(managers.map((manager) => notificationFor(manager, input)));
    const ids = managers.map(({ id }) => id);
    return {
      detail: `notified ${ids.length === 1 ? 'manager' : 'managers'} ${ids.join(', ')} (${because})`,
      report: { code: 'managers_notified', params: { managers: ids, because } },
    };
  };
}

async function findRecipients(
  { managerId, customerId, tenant }: NotifyManagerInput,
  directory: NotifyManagerPorts['directory'],
): Promise<Recipients> {
  const named = await namedManager(directory, managerId, tenant);
  if (named !== null) return { managers: [named], because: 'named by the rule' };
  const customer = customerId === null ? null : await directory.customer(customerId);
  const own = await managerOfCustomer(directory, customer, tenant);
  if (own !== null) return { managers: [own], because: 'of the customer' };
  const everybody = await directory.enabledManagers();
  const managers = everybody.filter((manager) => manager.enabled && worksFor(manager, tenant));
  if (managers.length === 0) {
    throw new PermanentError(
      'manager_not_found',
      `There is no enabled manager who works for ${describeBrand(tenant)} to notify`,
    );
  }
  return { managers, because: 'broadcast' };
}

function notificationFor(manager: Manager, input: NotifyManagerInput): Notification {
  return {
    ...effectRecord(input, `${input.key}/${manager.id}`),
    manager_id: manager.id,
    title: input.title ?? input.ruleName,
    message: input.message ?? `The rule "${input.ruleName}" matched event ${input.eventId}.`,
  };
}
