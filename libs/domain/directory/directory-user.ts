/** Users in whose name incoming webhooks act, and the groups that give them rights. */

export interface DirectoryUser {
  /** Small number of the operator's choice: incoming webhooks name the user by it, as `User:{id}`. */
  id: number;
  /** The name the person signs in with (`sub` of a session), so that one person is one, whatever the way in. */
  username: string;
  name?: string;
  email?: string;
  enabled: boolean;
  /** Brands the user works for; absent = all of them. */
  brands?: string[];
  /** Session role, so that approvals that ask a role ask this user; absent: approvals must name the user. */
  role?: string;
  /** Usernames of those who may act on behalf of this user, beside administrators; absent: none. */
  delegates?: string[];
}

/**
 * - `administrator`: may do everything that is about requests, and act on behalf of others
 * - `folder_manager`: the same for requests of processes in `folders`, without acting on behalf of others
 * - `supervisor`: sees requests; cancels and assigns where `may_cancel` is set
 * - `system_operations`: may use `updateRequestDataset` and `cancelAction`, which need this beside the other rights
 */
export const groupRights = ['administrator', 'folder_manager', 'supervisor', 'system_operations'] as const;
export type GroupRight = (typeof groupRights)[number];

export interface UserGroup {
  code: string;
  name: string;
  right: GroupRight;
  /** Of a `folder_manager`: which folders. */
  folders?: string[];
  /** Of a `supervisor`: whether with cancellation rights. */
  may_cancel?: boolean;
  /** Usernames of the members. */
  users: string[];
}

/** Names are compared exactly. Missing users are null. @throws RetryableError `store_unavailable` */
export interface UserReader {
  userByName(username: string): Promise<DirectoryUser | null>;
  userById(id: number): Promise<DirectoryUser | null>;
  groupsOf(username: string): Promise<UserGroup[]>;
}
