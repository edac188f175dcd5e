/** Which manager an action means. One who is not enabled, or does not work for the brand of the run, is as good as none. */
import { worksFor, type DirectoryActions, type Manager } from '#libs/domain/directory/directory.ts';
import type { Customer } from '#libs/domain/directory/customer.ts';
import { managerNotFound } from '#libs/domain/directory/not-found.ts';

type Directory = Pick<DirectoryActions, 'manager'>;

/**
 * The manager a rule names: a rule that names one manager never reaches others.
 * @param tenant the run's brand; null = none
 * @returns null when it names none. @throws PermanentError `manager_not_found`
 */
export async function namedManager(
  directory: Directory,
  id: number | null,
  tenant: string | null,
): Promise<Manager | null> {
  if (id === null || id === 0) return null;
  const manager = await manages(directory, id, tenant);
  if (manager === null) throw managerNotFound(id, tenant);
  return manager;
}

/**
 * The customer's assigned manager, else the customer's manager, else null.
 * @param tenant the run's brand; null = none
 */
export async function managerOfCustomer(
  directory: Directory,
  customer: Customer | null,
  tenant: string | null,
): Promise<Manager | null> {
  for (const id of [customer?.assigned_manager_id, customer?.manager_id]) {
    const manager = typeof id === 'number' && id !== 0 ? await manages(directory, id, tenant) : null;
    if (manager !== null) return manager;
  }
  return null;
}

async function manages(directory: Directory, id: number, tenant: string | null): Promise<Manager | null> {
  const manager = await directory.manager(id);
  return manager?.enabled && worksFor(manager, tenant) ? manager : null;
}
