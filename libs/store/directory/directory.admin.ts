/** What an operator loads into the directory and lists from it. */
import type { Connection } from 'mongoose';
import { mapLimited } from '#libs/async/map-limited.ts';
import type { Team } from '#libs/domain/directory/directory.ts';
import {
  directoryKinds,
  type DirectoryData,
  type DirectoryKind,
  type DirectoryRecord,
} from '#libs/domain/directory/directory-data.ts';
import type { RecordIdentities } from '#libs/domain/directory/record-id.ts';
import { InvalidInputError } from '#libs/domain/errors/errors.ts';
import { teamCycle } from '#libs/domain/directory/team-tree.ts';
import type { Page, PageRequest } from '../mongo/keyset-page.ts';
import { storeText } from '../mongo/storable-text.ts';
import { accountModel } from './account.model.ts';
import type { DirectoryRevision } from './directory-revision.ts';
import { maskEndpoint } from './mask-endpoint.ts';
import { createRecordStores } from './record-stores.ts';
import type { ListedRecord, PutOutcome, RecordStore, StoredRecord } from './record.store.ts';
import { createUserCheck } from './user.check.ts';

export interface DirectoryAdmin {
  /**
   * Adds records and sets the given fields of known ones; nothing is removed. A login belongs to the customer that
   * its account's `customer_id` or the customer's `logins` name. Later events still change what was loaded.
   * Throws `InvalidInputError`, and stores nothing, when a team would be below itself, two users would have one name, or
   * a group or user names one that is not there.
   */
  load(data: Partial<DirectoryData>): Promise<void>;
  /**
   * Loads one record, over what its writer has seen.
   * @param seen version of the record as it was read; null: there was none. Throws as `load`
   */
  loadOver<Kind extends DirectoryKind>(
    kind: Kind,
    record: DirectoryRecord<Kind>,
    seen: string | null,
  ): Promise<PutOutcome>;
  /** Endpoints with their secrets, customers without their logins, as on pages. */
  findRecord<Kind extends DirectoryKind>(
    kind: Kind,
    identity: RecordIdentities[Kind],
  ): Promise<StoredRecord<DirectoryRecord<Kind>> | null>;
  /** In the order of their ids; templates without their texts. @throws InvalidInputError for a wrong cursor */
  pageOf<Kind extends DirectoryKind>(kind: Kind, page: PageRequest): Promise<Page<ListedRecord<DirectoryRecord<Kind>>>>;
  /** All records of one kind, in the order of their ids; endpoints without their secrets. */
  listAll<Kind extends DirectoryKind>(kind: Kind): Promise<DirectoryData[Kind]>;
}

/** Of a file: what others refer to comes before them. */
const loadOrder = [
  ...directoryKinds.filter((kind) => kind !== 'customers' && kind !== 'accounts'),
  'customers',
  'accounts',
] as const satisfies DirectoryKind[];

export function createDirectoryAdmin(connection: Connection, revision: DirectoryRevision): DirectoryAdmin {
  const accounts = accountModel(connection);
  const stores = createRecordStores(connection);
  const users = createUserCheck(stores.users);

  const storeOf = <Kind extends DirectoryKind>(
    kind: Kind,
  ): RecordStore<DirectoryRecord<Kind>, RecordIdentities[Kind]> => stores[kind];

  /** Of the teams as they would then be: what is stored may close a cycle, or have one that this load ends. */
  const refuseCycles = async (given: Team[]): Promise<void> => {
    if (given.length === 0) return;
    const merged = new Map((await stores.teams.all()).map((team) => [team.id, team]));
    for (const team of given) merged.set(team.id, team);
    const cycle = teamCycle([...merged.values()]);
    if (cycle === null) return;
    const message = `a team cannot be below itself: ${cycle.join(' is below ')}; mend one parent_id`;
    throw new InvalidInputError('Nothing was stored.', [{ path: 'teams', code: 'team_cycle', message }]);
  };

  const refuse = async (data: Partial<DirectoryData>): Promise<void> => {
    await refuseCycles(data.teams ?? []);
    await users.refuseUnfit(data);
  };

  const putAll = async <Kind extends DirectoryKind>(kind: Kind, records: DirectoryRecord<Kind>[]): Promise<void> => {
    await mapLimited(records, (record) => storeOf(kind).put(record));
  };

  /** Readers of accounts and groups learn that these have changed. */
  const announce = async (data: Partial<DirectoryData>): Promise<void> => {
    const named = [
      ...(data.accounts ?? []).map(({ login }) => login),
      ...(data.customers ?? []).flatMap(({ logins = [] }) => logins),
    ];
    if (data.groups?.length) await revision.advance(null);
    else if (named.length > 0) await revision.advance([...new Set(named)]);
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

  const all = async (kind: DirectoryKind): Promise<unknown[]> => {
    if (kind === 'endpoints') return (await stores.endpoints.all()).map(maskEndpoint);
    if (kind !== 'customers') return stores[kind].all();
    const logins = await loginsByCustomer();
    return (await stores.customers.all()).map((customer) => {
      const own = logins.get(storeText(customer.id));
      return own === undefined ? customer : { ...customer, logins: own };
    });
  };

  return {
    async load(data) {
      await refuse(data);
      for (const kind of loadOrder) await putAll(kind, data[kind] ?? []);
      await announce(data);
    },

    async loadOver(kind, record, seen) {
      const data = { [kind]: [record] } as Partial<DirectoryData>;
      await refuse(data);
      const outcome = await storeOf(kind).putOver(record, seen);
      // Also of one that is so already: an attempt before this one may have ended in between.
      if (outcome !== 'conflict') await announce(data);
      return outcome;
    },

    findRecord: (kind, identity) => storeOf(kind).find(identity),
    pageOf: (kind, page) => storeOf(kind).page(page),
    listAll: async <Kind extends DirectoryKind>(kind: Kind) => (await all(kind)) as DirectoryData[Kind],
  };
}
