/**
 * Who executes an operation: the viewer, in whose name the application acts, and the user, another one when the viewer
 * acts on behalf of that user. Both are looked up with each operation.
 */
import { goesBy } from '#libs/domain/access/person-names.ts';
import type { Person } from '#libs/domain/approvals/approval.ts';
import type { DirectoryUser } from '#libs/domain/directory/directory-user.ts';
import { encodeId } from '#libs/domain/hooks/global-id.ts';
import { mayActFor, type Actor } from '#libs/domain/hooks/rights.ts';
import type { WebhookApplication } from '#libs/domain/hooks/webhook-application.ts';
import { HookError, invalidInput, securityError } from './hook.error.ts';
import type { HookPorts } from './ports.ts';

export interface Caller {
  applicationId: string;
  viewer: Actor;
  /** The delegator in delegation mode, else the viewer. */
  user: Actor;
  isDelegated: boolean;
}

export interface Delegation {
  onBehalfOf?: number | undefined;
  onBehalfOfUserName?: string | undefined;
}

/** What answers say of it. */
export interface DelegationEcho {
  onBehalfOf: string | null;
  onBehalfOfUserName: string | null;
}

type Users = Pick<HookPorts, 'users' | 'settings'>;

/** @throws HookError `security_error`, `not_found`, `invalid_input`; RetryableError `store_unavailable` */
export async function findCaller(
  ports: Users,
  { application_id: applicationId, impersonate_username }: WebhookApplication,
  { onBehalfOf, onBehalfOfUserName }: Delegation,
): Promise<Caller> {
  const viewer = await findViewer(ports, impersonate_username ?? ports.settings.defaultUsername);
  if (onBehalfOf === undefined && onBehalfOfUserName === undefined) {
    return { applicationId, viewer, user: viewer, isDelegated: false };
  }
  const delegator = await findUser(ports, { number: onBehalfOf, username: onBehalfOfUserName }, 'onBehalfOf');
  const isSelf = delegator.username === viewer.user.username;
  if (!isSelf && !mayActFor(viewer, delegator)) {
    throw securityError(`User '${viewer.user.username}' may not act on behalf of '${delegator.username}'`);
  }
  return { applicationId, viewer, user: await toActor(ports, delegator), isDelegated: true };
}

async function findViewer(ports: Users, username: string | undefined): Promise<Actor> {
  if (username === undefined) {
    throw securityError('The application impersonates no user, and no default user is set (HOOKS_DEFAULT_USERNAME)');
  }
  const user = await ports.users.userByName(username);
  if (user === null) throw securityError(`The user '${username}', in whose name the application acts, is not there`);
  return toActor(ports, user);
}

/** @throws HookError `security_error` for one who is disabled */
async function toActor({ users }: Users, user: DirectoryUser): Promise<Actor> {
  if (!user.enabled) throw securityError(`User '${user.username}' is disabled`);
  return { user, groups: await users.groupsOf(user.username) };
}

/**
 * A user who is named by number, by name, or by both.
 * @param property that names the number; the one for the name is called the same and `UserName`
 * @throws HookError `not_found`, `invalid_input` when both are given and mean different users
 */
export async function findUser(
  { users }: Users,
  { number, username }: { number?: number | undefined; username?: string | undefined },
  property: string,
): Promise<DirectoryUser> {
  const byNumber = number === undefined ? null : await users.userById(number);
  const byName = username === undefined ? null : await users.userByName(username);
  const found = byNumber ?? byName;
  if (found === null || (number !== undefined && byNumber === null) || (username !== undefined && byName === null)) {
    throw new HookError('not_found', `There is no such user as ${property} names`);
  }
  if (byNumber !== null && byName !== null && byNumber.id !== byName.id) {
    throw invalidInput(`${property} and the username beside it name different users`);
  }
  return found;
}

export function echoDelegation({ user: { user }, isDelegated }: Caller): DelegationEcho {
  if (!isDelegated) return { onBehalfOf: null, onBehalfOfUserName: null };
  return { onBehalfOf: encodeId('User', user.id), onBehalfOfUserName: user.username };
}

/** The user as runs know people. An approval can ask a user without a session role by name alone. */
export function toPerson({ user: { username, role = 'none', brands } }: Actor): Person {
  return { userId: username, role, ...(brands !== undefined && { brands: [...brands] }) };
}

/** @param forbidden who set a run off. @returns whether the user is one of them, under any of their names */
export async function isOneOf(
  { namesOf }: Pick<HookPorts, 'namesOf'>,
  { user: { username } }: Actor,
  forbidden: readonly string[],
): Promise<boolean> {
  if (forbidden.length === 0) return false;
  const names = await namesOf(username, forbidden);
  return forbidden.some((name) => goesBy({ userId: username, names }, name));
}
