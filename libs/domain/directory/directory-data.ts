/** The kinds of records that the directory has. */
import type { Account } from './account.ts';
import type { Customer } from './customer.ts';
import type { Desk, Manager, Status, Team, TradingGroup } from './directory.ts';
import type { DirectoryUser, UserGroup } from './directory-user.ts';
import type { Endpoint, MessageTemplate } from './outbound.ts';

export interface DirectoryData {
  groups: TradingGroup[];
  accounts: Account[];
  customers: Customer[];
  managers: Manager[];
  teams: Team[];
  desks: Desk[];
  statuses: Status[];
  templates: MessageTemplate[];
  endpoints: Endpoint[];
  users: DirectoryUser[];
  user_groups: UserGroup[];
}

export type DirectoryKind = keyof DirectoryData;
export type DirectoryRecord<Kind extends DirectoryKind> = DirectoryData[Kind][number];

export const directoryKinds = [
  'groups',
  'accounts',
  'customers',
  'managers',
  'teams',
  'desks',
  'statuses',
  'templates',
  'endpoints',
  'users',
  'user_groups',
] as const satisfies DirectoryKind[];
