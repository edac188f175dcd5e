/** What a user of the directory may do with requests and their actions. */
import { isForBrand, type Authority } from '../approvals/approval.ts';
import type { DirectoryUser, UserGroup } from '../directory/directory-user.ts';

/** A user with what their groups give. */
export interface Actor {
  user: DirectoryUser;
  groups: UserGroup[];
}

/** What rights on a request depend on. */
export interface RequestScope {
  brand: string | null;
  /** Folder of its process; null: none. */
  folder: string | null;
  /** Usernames of those who have started it. */
  initiators: readonly string[];
  /** Usernames of those who are asked by its approvals, and of those who have answered. */
  participants: readonly string[];
}

export function isAdministrator({ groups }: Actor): boolean {
  return groups.some(({ right }) => right === 'administrator');
}

export function hasSystemAccess({ groups }: Actor): boolean {
  return groups.some(({ right }) => right === 'system_operations');
}

/** @returns whether the viewer may act on behalf of the user: administrators may, and those whom the user names */
export function mayActFor(viewer: Actor, user: DirectoryUser): boolean {
  return isAdministrator(viewer) || (user.delegates ?? []).includes(viewer.user.username);
}

/** Whether the user may know of the request at all; without it, there is none for them. */
export function hasAccess(actor: Actor, scope: RequestScope): boolean {
  const { user, groups } = actor;
  if (!user.enabled || !isForBrand(user.brands, scope.brand)) return false;
  if (groups.some(({ right }) => right === 'supervisor' || right === 'system_operations')) return true;
  if (manages(actor, scope)) return true;
  return [...scope.initiators, ...scope.participants].includes(user.username);
}

/** @returns by what right the user may cancel the request, or null */
export function mayCancelRequest(actor: Actor, scope: RequestScope): Authority | null {
  return toAuthority(actor, scope) ?? (scope.initiators.includes(actor.user.username) ? 'initiator' : null);
}

/** @param isAssignee whether the action asks this user. @returns by what right the user may cancel it, or null */
export function mayCancelAction(actor: Actor, scope: RequestScope, isAssignee: boolean): Authority | null {
  return toAuthority(actor, scope) ?? (isAssignee ? 'assignee' : null);
}

/** @returns by what right the user may say who answers an action, or null */
export function mayAssign(actor: Actor, scope: RequestScope): Authority | null {
  return toAuthority(actor, scope);
}

function toAuthority(actor: Actor, scope: RequestScope): Authority | null {
  if (!hasAccess(actor, scope)) return null;
  if (isAdministrator(actor)) return 'administrator';
  if (manages(actor, scope)) return 'folder_manager';
  const isSupervisor = actor.groups.some(({ right, may_cancel }) => right === 'supervisor' && may_cancel === true);
  return isSupervisor ? 'supervisor' : null;
}

/** Administrators manage every folder. */
function manages(actor: Actor, { folder }: RequestScope): boolean {
  if (isAdministrator(actor)) return true;
  if (folder === null) return false;
  return actor.groups.some(({ right, folders = [] }) => right === 'folder_manager' && folders.includes(folder));
}
