/** What an operator loads into the directory and lists from it. */
import type { Connection } from 'mongoose';
import { toDay } from '#libs/domain/events/customer-activity.ts';
import type { Desk, Manager, Status, Team, TradingGroup } from '#libs/domain/directory/directory.ts';
import type { Customer } from '#libs/domain/directory/customer.ts';
import type { Account } from '#libs/domain/directory/account.ts';
import type { DirectoryUser, UserGroup } from '#libs/domain/directory/directory-user.ts';
import type { Endpoint, MessageTemplate } from '#libs/domain/directory/outbound.ts';
import { InvalidInputError } from '#libs/domain/errors/errors.ts';
import { teamCycle } from '#libs/domain/directory/team-tree.ts';
import { createActivityLog } from '../events/customer-activity.repository.ts';
import { mapLimited } from '#libs/async/map-limited.ts';
import { putDocument, type Keyed } from '../mongo/by-id.ts';
import type { DocumentModel } from '../mongo/model.ts';
import { storeKey, storeText, storeValue } from '../mongo/storable-text.ts';
import { toAccountFields, accountModel, toAccount } from './account.model.ts';
import { toCustomerFields, customerKey, customerModel, toCustomer } from './customer.model.ts';
import { findManager } from './directory.actions.ts';
import { toDeskDocument, deskModel, groupModel, managerModel, statusModel, teamModel } from './directory.models.ts';
import type { DirectoryRevision } from './directory-revision.ts';
import { toEndpointDocument, endpointModel, toEndpoint, toTemplateDocument, templateModel } from './outbound.models.ts';
import { maskEndpoint } from './mask-endpoint.ts';
import { createUserAdmin } from './user.admin.ts';

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

export interface DirectoryAdmin {
  /**
   * Adds records and sets the given fields of known ones; nothing is removed. A login belongs to the customer that
   * its account's `customer_id` or the customer's `logins` name. Later events still change what was loaded.
   * Throws `InvalidInputError`, and stores nothing, when a team would be below itself, two users would have one name, or
   * a group or user names one that is not there.
   */
  load(data: Partial<DirectoryData>): Promise<void>;
  /** All records of one kind, in the order of their ids; endpoints without their secrets. */
  listAll<Kind extends DirectoryKind>(kind: Kind): Promise<DirectoryData[Kind]>;
}

export function createDirectoryAdmin(connection: Connection, revision: DirectoryRevision): DirectoryAdmin {
  const groups = groupModel(connection);
  const accounts = accountModel(connection);
  const customers = customerModel(connection);
  const managers = managerModel(connection);
  const teams = teamModel(connection);
  const desks = deskModel(connection);
  const statuses = statusModel(connection);
  const templates = templateModel(connection);
  const endpoints = endpointModel(connection);
  const users = createUserAdmin(connection);
  const activity = createActivityLog(connection);
  const upsert = { upsert: true } as const;

  const putAccount = async (account: Account): Promise<void> => {
    const fields = { ...toAccountFields(account), removed: false };
    await accounts.updateOne(
      { _id: account.login },
      // What an operator says holds until the next event, whatever time the last one claimed.
      { $set: { ...fields, as_of: 0, ahead: false }, $unset: { placements: '' }, $inc: { version: 1 } },
      upsert,
    );
  };

  /** An account that is not there yet keeps the link until it comes; until then it is not shown. */
  const linkLogin = async (login: number, customerId: string): Promise<void> => {
    const link = {
      $set: { customer_id: storeText(customerId) },
      $setOnInsert: { as_of: 0, removed: true },
      $inc: { version: 1 },
    };
    await accounts.updateOne({ _id: login }, link, upsert);
  };

  const putCustomer = async (customer: Customer): Promise<void> => {
    // What an operator says holds until the next event, whatever time the last one had.
    const update = { $set: toCustomerFields(customer), $unset: { told_at: '' }, $inc: { told: 1 } } as const;
    const { upsertedCount } = await customers.updateOne({ _id: customerKey(customer.id) }, update, upsert);
    // Silence is counted from here on.
    if (upsertedCount > 0) await activity.record([{ customerId: customer.id, day: toDay(new Date().toISOString()) }]);
    for (const login of customer.logins ?? []) await linkLogin(login, customer.id);
  };

  /** Of the teams as they would then be: what is stored may close a cycle, or have one that this load ends. */
  const refuseCycles = async (given: Team[]): Promise<void> => {
    if (given.length === 0) return;
    const merged = new Map((await teams.find().lean()).map((team) => [team.id, team as Team]));
    for (const team of given) merged.set(team.id, team);
    const cycle = teamCycle([...merged.values()]);
    if (cycle === null) return;
    const message = `a team cannot be below itself: ${cycle.join(' is below ')}; mend one parent_id`;
    throw new InvalidInputError('Nothing was stored.', [{ path: 'teams', code: 'team_cycle', message }]);
  };

  const loginsByCustomer = async (): Promise<Map<string, number[]>> => {
    const linked = accounts.find({ customer_id: { $exists: true } }, { customer_id: 1 });
    const found = new Map<string, number[]>();
    for (const { _id, customer_id } of await linked.sort({ _id: 1 }).lean()) {
      const logins = found.get(customer_id!);
      if (logins === undefined) found.set(customer_id!, [_id]);
      else logins.push(_id);
    }
    return found;
  };

  const lists: { [Kind in DirectoryKind]: () => Promise<DirectoryData[Kind]> } = {
    groups: async () => (await groups.find().sort({ _id: 1 }).lean()).map(({ _id, ...group }) => group),
    accounts: async () =>
      (await accounts.find().sort({ _id: 1 }).lean()).map(toAccount).filter((account) => account !== null),
    customers: async () => {
      const logins = await loginsByCustomer();
      return (await customers.find().sort({ _id: 1 }).lean()).map((document) => {
        const customer = toCustomer(document);
        const own = logins.get(storeText(customer.id));
        return own === undefined ? customer : { ...customer, logins: own };
      });
    },
    managers: async () => (await managers.find().sort({ _id: 1 }).lean()).map(findManager),
    teams: async () => (await teams.find().sort({ _id: 1 }).lean()).map(({ _id, ...team }) => team),
    desks: async () => (await desks.find().sort({ _id: 1 }).lean()).map(({ _id, ...desk }) => desk),
    statuses: async () => (await statuses.find().sort({ _id: 1 }).lean()).map(({ _id, ...status }) => status),
    templates: async () => (await templates.find().sort({ _id: 1 }).lean()).map(({ _id, ...template }) => template),
    endpoints: async () =>
      (await endpoints.find().sort({ _id: 1 }).lean()).map((document) => maskEndpoint(toEndpoint(document))),
    users: () => users.listUsers(),
    user_groups: () => users.listGroups(),
  };

  return {
    async load(data) {
      await refuseCycles(data.teams ?? []);
      await users.refuseUnfit(data);
      await putAll(groups, data.groups, (group) => storeValue({ _id: storeKey(group.name), ...group }));
      await putAll(managers, data.managers, (manager) => storeValue({ _id: manager.id, ...manager }));
      await putAll(teams, data.teams, (team) => storeValue({ _id: team.id, ...team }));
      await putAll(desks, data.desks, toDeskDocument);
      await putAll(statuses, data.statuses, (status) => storeValue({ _id: status.id, ...status }));
      await putAll(templates, data.templates, toTemplateDocument);
      await putAll(endpoints, data.endpoints, toEndpointDocument);
      await users.put(data);
      await mapLimited(data.customers ?? [], putCustomer);
      await mapLimited(data.accounts ?? [], putAccount);
      const named = [
        ...(data.accounts ?? []).map(({ login }) => login),
        ...(data.customers ?? []).flatMap(({ logins = [] }) => logins),
      ];
      if (data.groups?.length) await revision.advance(null);
      else if (named.length > 0) await revision.advance([...new Set(named)]);
    },

    listAll: (kind) => lists[kind](),
  };
}

async function putAll<D extends Keyed, Item>(
  model: DocumentModel<D>,
  items: readonly Item[] = [],
  toDocument: (item: Item) => D,
): Promise<void> {
  await mapLimited(items, (item) => putDocument(model, toDocument(item)));
}
