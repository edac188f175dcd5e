/** Which manager an action means. A manager who is not enabled is as good as none. */
import type { Customer, DirectoryEffects, Manager } from '#libs/domain/directory.ts';
import { managerNotFound } from '#libs/domain/not-found.ts';

type Directory = Pick<DirectoryEffects, 'manager'>;

/**
 * The manager a rule names: a wish that names somebody is never widened to others.
 * @returns null when it names none. @throws PermanentError `manager_not_found`
 */
export async function namedManager(directory: Directory, id: number | null): Promise<Manager | null> {
  if (id === null || id === 0) return null;
  const manager = await enabled(directory, id);
  if (manager === null) throw managerNotFound(id);
  return manager;
}

/** The customer's assigned manager, else the customer's manager, else null. */
export async function managerOfCustomer(directory: Directory, customer: Customer | null): Promise<Manager | null> {
  for (const id of [customer?.assigned_manager_id, customer?.manager_id]) {
    const manager = typeof id === 'number' && id !== 0 ? await enabled(directory, id) : null;
    if (manager !== null) return manager;
  }
  return null;
}

async function enabled(directory: Directory, id: number): Promise<Manager | null> {
  const manager = await directory.manager(id);
  return manager?.enabled ? manager : null;
}
