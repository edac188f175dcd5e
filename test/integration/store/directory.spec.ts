import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountAt } from '#libs/domain/directory/account-history.ts';
import type { AccountUpdate } from '#libs/domain/directory/directory.ts';
import type { Account } from '#libs/domain/directory/account.ts';
import { createDirectory, type Directory } from '#libs/store/directory/directory.ts';
import { uniqueName } from '../../support/servers.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
let directory: Directory;
let nextLogin = 4_000_000_000;

beforeAll(async () => {
  store = await openTestStore();
  directory = createDirectory(store.connection);
});
afterAll(() => store.drop());

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const account = (given: Partial<Account> = {}): Account => ({ login: nextLogin++, group: 'real/eur', ...given });
const one = async (login: number): Promise<Account | undefined> => (await directory.accounts([login])).get(login);
const put = (given: Account, occurredAt: string, more: Partial<AccountUpdate> = {}) =>
  directory.changeAccounts([{ login: given.login, account: given, occurredAt, ...more }]);
const loginsOf = async (id: string): Promise<number[] | null | undefined> => {
  const linked = (await directory.customerAccounts([id])).get(id);
  return linked && linked.map(({ login }) => login);
};
const remove = (login: number, occurredAt: string) => directory.changeAccounts([{ login, account: null, occurredAt }]);
const customer = async (given: { id?: string; brand?: string } = {}): Promise<string> => {
  const id = given.id ?? uniqueName('customer');
  await directory.changeCustomers([
    { customerId: id, fields: given.brand === undefined ? {} : { brand: given.brand }, occurredAt: at(0) },
  ]);
  return id;
};

describe('accounts', () => {
  it('keep every field of a broker record, whatever it is called', async () => {
    const made = account({ enable: true, leverage: 100, name: 'Ada', 'a.b': { $c: [null, 1] }, note: 'x\0y' });
    await put(made, at(1));
    expect(await one(made.login)).toEqual(made);
  });

  it('take the latest event, not the last one to come', async () => {
    const { login } = account();
    await put({ login, group: 'b', email: 'b@example.com' }, at(2));
    await put({ login, group: 'a' }, at(1));
    expect(await one(login)).toEqual({ login, group: 'b', email: 'b@example.com' });
    await put({ login, group: 'c' }, '2026-01-01T01:00:03+01:00');
    expect(await one(login)).toEqual({ login, group: 'c' });
  });

  it('stay removed when earlier events come again, and return with a later one', async () => {
    const { login } = account();
    await put({ login, group: 'a' }, at(1));
    await remove(login, at(2));
    await put({ login, group: 'a' }, at(1));
    expect(await one(login)).toBeUndefined();
    await put({ login, group: 'b' }, at(3));
    await remove(login, at(2));
    expect(await one(login)).toEqual({ login, group: 'b' });
  });

  it('are named by the changes of the revision, also when the same event comes again', async () => {
    const { login } = account();
    const { revision } = await directory.changes(null);
    expect(await put({ login, group: 'a' }, at(5))).toEqual([login]);
    expect(await directory.changes(revision)).toEqual({ revision: revision + 1, logins: [login] });
    expect(await put({ login, group: 'a' }, at(5))).toEqual([login]);
    expect(await put({ login, group: 'old' }, at(4))).toEqual([]);
    expect(await directory.changes(revision)).toEqual({ revision: revision + 2, logins: [login, login] });
    expect(await directory.changes(revision + 2)).toEqual({ revision: revision + 2, logins: [] });
    await directory.load({ groups: [{ name: 'g', brand: 'alpha' }] });
    expect(await directory.changes(revision)).toEqual({ revision: revision + 3, logins: null });
  });

  it('are known by the time, so that an event of before a move or a removal is about the account as it was', async () => {
    const { login } = account();
    await put({ login, group: 'a', customer_id: 'c-1' }, at(1));
    await put({ login, group: 'b', customer_id: 'c-2' }, at(5));
    await remove(login, at(9));
    const history = (await directory.accountHistories([login])).get(login)!;
    expect(accountAt(history, at(4))).toMatchObject({ group: 'a', customer_id: 'c-1' });
    expect(accountAt(history, at(5))).toMatchObject({ group: 'b', customer_id: 'c-2' });
    expect(accountAt(history, at(9))).toBeNull();
  });

  it('change in the order of their partition when the time of an event cannot be trusted', async () => {
    const { login } = account();
    const from = (offset: number, isAhead = false) => ({
      position: { partition: 'p/0', offset: `${offset}` },
      isAhead,
    });
    await put({ login, group: 'ahead' }, at(30), from(7, true));
    await put({ login, group: 'next' }, at(3), from(8));
    expect((await one(login))?.group).toBe('next');
    await put({ login, group: 'ahead' }, at(30), from(7, true));
    expect((await one(login))?.group).toBe('next');
  });

  it('are what an operator loads until the next event, whatever time the last one had', async () => {
    const { login } = account();
    await put({ login, group: 'a' }, at(30));
    await directory.load({ accounts: [{ login, group: 'loaded' }] });
    expect((await one(login))?.group).toBe('loaded');
    await put({ login, group: 'b' }, at(20));
    expect((await one(login))?.group).toBe('b');
  });

  it('keep their customer when a broker record names none, and the customer knows his logins', async () => {
    const [before, after] = [uniqueName('customer'), await customer()];
    const { login } = account();
    await put({ login, group: 'a', customer_id: before }, at(1));
    // The account came before its customer: nobody sees a customer yet.
    expect((await directory.customers([before])).size).toBe(0);
    expect(await loginsOf(before)).toEqual([login]);
    await customer({ id: before });
    expect((await directory.customers([before])).get(before)).toEqual({ id: before });

    await put({ login, group: 'b' }, at(2));
    expect(await one(login)).toMatchObject({ customer_id: before });
    await put({ login, group: 'b', customer_id: after }, at(3));
    expect([await loginsOf(before), await loginsOf(after)]).toEqual([undefined, [login]]);
    await remove(login, at(4));
    expect(await loginsOf(after)).toBeUndefined();
  });

  it('loaded from a file still follow their events', async () => {
    const made = account({ group: 'file' });
    await directory.load({ accounts: [made] });
    await put({ ...made, group: 'event' }, '2001-01-01T00:00:00Z');
    expect(await one(made.login)).toMatchObject({ group: 'event' });
  });
});

describe('logins of a customer from a file', () => {
  it('link accounts that are there and accounts that come later', async () => {
    const [known, later] = [account(), account()];
    const id = uniqueName('customer');
    await directory.load({ accounts: [known], customers: [{ id, logins: [known.login, later.login] }] });
    expect(await one(known.login)).toEqual({ ...known, customer_id: id });
    expect(await one(later.login)).toBeUndefined();
    await put(later, at(1));
    expect(await one(later.login)).toEqual({ ...later, customer_id: id });
    expect(await loginsOf(id)).toEqual([known.login, later.login]);
    const listed = (await directory.listAll('customers')).find((one) => one.id === id);
    expect(listed).toEqual({ id, logins: [known.login, later.login] });
  });

  it('follow an id with characters that the store does not hold, and a long one', async () => {
    for (const id of [`${uniqueName('odd')}\0`, `${uniqueName('long')}-${'x'.repeat(600)}`]) {
      const [pushed, loaded] = [account({ customer_id: id }), account({ customer_id: id })];
      await put(pushed, at(1));
      await directory.load({ accounts: [loaded] });
      expect(await loginsOf(id)).toEqual([pushed.login, loaded.login]);
    }
  });
});

describe('accounts of one customer', () => {
  it('may be thousands: the customer does not grow, and more than the limit are not looked at', async () => {
    const id = await customer();
    const stored = () => store.connection.collection('customers').findOne({ id });
    const before = await stored();
    const linked = Array.from({ length: 2000 }, () => account({ customer_id: id }));
    await directory.changeAccounts(linked.map((account) => ({ login: account.login, account, occurredAt: at(1) })));
    expect(await stored()).toEqual(before);
    expect(await loginsOf(id)).toBeNull();
    const more = createDirectory(store.connection, 2000);
    const found = (await more.customerAccounts([id])).get(id);
    expect(found?.map(({ login }) => login)).toEqual(linked.map(({ login }) => login));
  });

  it('belong to one customer only when two feeds move them at once', async () => {
    const [one, two] = [await customer(), await customer()];
    const other = createDirectory(store.connection);
    const moved = Array.from({ length: 40 }, () => account());
    const toward = (feed: Directory, customer_id: string, second: number) =>
      feed.changeAccounts(
        moved.map((account) => ({
          login: account.login,
          account: { ...account, customer_id },
          occurredAt: at(second),
        })),
      );
    await Promise.all([
      toward(directory, one, 1),
      toward(other, two, 2),
      toward(other, one, 3),
      toward(directory, two, 4),
    ]);
    expect([await loginsOf(one), await loginsOf(two)]).toEqual([undefined, moved.map(({ login }) => login)]);
  });
});

describe('reading many', () => {
  it('returns those that exist, by id', async () => {
    const made = Array.from({ length: 60 }, () => account());
    await directory.load({ accounts: made });
    const found = await directory.accounts([...made.map(({ login }) => login), 1, 2, made[0]!.login]);
    expect(found.size).toBe(60);
    expect(found.get(made[7]!.login)).toEqual(made[7]);
  });

  it('finds groups by name and customers by ids of any length', async () => {
    const name = 'g'.repeat(3000);
    await directory.load({
      groups: [
        { name, brand: null },
        { name: 'demo\\alpha', brand: 'alpha' },
      ],
    });
    expect(await directory.groups([name, 'demo\\alpha', 'none'])).toEqual(
      new Map([
        [name, { name, brand: null }],
        ['demo\\alpha', { name: 'demo\\alpha', brand: 'alpha' }],
      ]),
    );
    const id = await customer({ id: uniqueName('c'.repeat(3000)) });
    expect((await directory.customers([id])).get(id)).toEqual({ id });
  });

  it('are as the latest event says of each field, not as the last one to come', async () => {
    const id = await customer({ brand: 'alpha' });
    const tell = (fields: Record<string, string>, second: number) =>
      directory.changeCustomers([{ customerId: id, fields, occurredAt: at(second) }]);
    await tell({ country: 'BR', retention_status: 'churning', own_field: 'a' }, 5);
    await tell({ retention_status: 'active', language: 'pt' }, 3);
    expect(await directory.customer(id)).toEqual({
      id,
      brand: 'alpha',
      country: 'BR',
      language: 'pt',
      retention_status: 'churning',
      own_field: 'a',
    });
    await tell({ retention_status: 'active', other_field: 'b' }, 6);
    expect(await directory.customer(id)).toMatchObject({
      retention_status: 'active',
      own_field: 'a',
      other_field: 'b',
    });
  });

  it('keep what an action has set after the event, and what an operator has loaded until the next one', async () => {
    const id = await customer();
    await directory.setCustomerRiskLevel(id, 'high', 'key');
    const tell = (risk_level: string, occurredAt: string) =>
      directory.changeCustomers([{ customerId: id, fields: { risk_level }, occurredAt }]);
    await tell('low', at(9));
    expect((await directory.customer(id))?.risk_level).toBe('high');
    await tell('medium', new Date(Date.now() + 60_000).toISOString());
    expect((await directory.customer(id))?.risk_level).toBe('medium');
    await directory.load({ customers: [{ id, risk_level: 'loaded' }] });
    expect((await directory.customer(id))?.risk_level).toBe('loaded');
  });

  it('are changed once for each of many events at once, beside an action', async () => {
    const id = await customer();
    const seconds = Array.from({ length: 12 }, (_, second) => second);
    await Promise.all([
      ...seconds.map((second) =>
        directory.changeCustomers([
          {
            customerId: id,
            fields: { kyc_current_level: second, [`field_${second}`]: second },
            occurredAt: at(second),
          },
        ]),
      ),
      directory.setCustomerActive(id, true, 'key'),
    ]);
    const found = await directory.customer(id);
    expect(found).toMatchObject({ kyc_current_level: 11, active: true });
    expect(seconds.map((second) => found?.[`field_${second}`])).toEqual(seconds);
  });
});

describe('effects on customers', () => {
  beforeAll(() =>
    directory.load({
      statuses: [
        { id: 1, type: 'sales', code: 'new' },
        { id: 2, type: 'sales', code: 'vip', label: 'VIP' },
        { id: 's-3', type: 'sales', code: 'vip', brand: 'beta' },
        { id: 4, type: 'sales', code: 'gamma-only', brand: 'gamma' },
        { id: 5, type: 'kyc', code: 'verified' },
      ],
    }),
  );

  it('sets a sales status by code or id, keeping both together', async () => {
    const id = await customer({ brand: 'alpha' });
    await directory.setCustomerStatus(id, 'sales', 'vip', 'k1');
    expect(await directory.customer(id)).toMatchObject({ sales_status: 'vip', sales_status_id: 2 });
    await directory.setCustomerStatus(id, 'sales', 1, 'k2');
    expect(await directory.customer(id)).toMatchObject({ sales_status: 'new', sales_status_id: 1 });
  });

  it("takes the brand's own status first and never that of another brand", async () => {
    const id = await customer({ brand: 'beta' });
    await directory.setCustomerStatus(id, 'sales', 'vip', 'k1');
    expect(await directory.customer(id)).toMatchObject({ sales_status_id: 's-3' });
    const refused = { code: 'status_not_found', retryable: false };
    await expect(directory.setCustomerStatus(id, 'sales', 'gamma-only', 'k2')).rejects.toMatchObject(refused);
    await expect(directory.setCustomerStatus(id, 'sales', 'verified', 'k3')).rejects.toMatchObject(refused);
    await expect(directory.setCustomerStatus(id, 'sales', 'nope', 'k4')).rejects.toThrow(/there are: new, vip\./);
  });

  it('R-167 R-168 keeps the sales and the KYC status apart, each with its own codes', async () => {
    const id = await customer();
    await directory.setCustomerStatus(id, 'sales', 'new', 'k1');
    await directory.setCustomerStatus(id, 'kyc', 'verified', 'k2');
    expect(await directory.customer(id)).toEqual({
      id,
      sales_status: 'new',
      sales_status_id: 1,
      kyc_status: 'verified',
      kyc_status_id: 5,
    });
    const refused = {
      code: 'status_not_found',
      retryable: false,
      message: expect.stringMatching(/there are: verified/),
    };
    await expect(directory.setCustomerStatus(id, 'kyc', 'new', 'k3')).rejects.toMatchObject(refused);
    await expect(directory.setCustomerStatus(id, 'kyc', 1, 'k4')).rejects.toMatchObject(refused);
  });

  it('R-174 switches a customer on and off, each key once', async () => {
    const id = await customer();
    await directory.setCustomerActive(id, false, 'off');
    expect(await directory.customer(id)).toEqual({ id, active: false });
    await directory.setCustomerActive(id, true, 'on');
    await directory.setCustomerActive(id, false, 'off');
    expect(await directory.customer(id)).toEqual({ id, active: true });
    const unknown = uniqueName('customer');
    await expect(directory.setCustomerActive(unknown, true, 'k')).rejects.toMatchObject({ code: 'customer_not_found' });
  });

  it('applies a key once, whatever others did since, and whatever became of the status', async () => {
    const id = await customer();
    await directory.load({ statuses: [{ id: 90, type: 'sales', code: 'passing' }] });
    await directory.setCustomerStatus(id, 'sales', 'passing', 'first');
    await directory.setCustomerRiskLevel(id, 1, 'first-risk');
    await directory.setCustomerStatus(id, 'sales', 'vip', 'second');
    await directory.setCustomerRiskLevel(id, 2, 'second-risk');
    await store.connection.collection<{ _id: number }>('statuses').deleteOne({ _id: 90 });
    await directory.setCustomerStatus(id, 'sales', 'passing', 'first');
    await directory.setCustomerRiskLevel(id, 1, 'first-risk');
    expect(await directory.customer(id)).toEqual({ id, sales_status: 'vip', sales_status_id: 2, risk_level: 2 });
  });

  it('applies each of many concurrent keys once and forgets only the oldest', async () => {
    const id = await customer();
    for (let round = 0; round < 15; round += 1) {
      const keys = Array.from({ length: 10 }, (_, index) => `${round}/${index}`);
      await Promise.all(keys.map((key) => directory.setCustomerRiskLevel(id, key, key)));
    }
    const stored = await store.connection
      .collection<{ _id: string; changes: Record<string, { to: { risk_level: string } }> }>('customers')
      .findOne({ _id: id });
    const remembered = Object.values(stored!.changes).map(({ to }) => to.risk_level);
    expect(remembered.length).toBeGreaterThanOrEqual(64);
    expect(remembered.length).toBeLessThanOrEqual(138);
    expect(remembered).toEqual(expect.arrayContaining(Array.from({ length: 10 }, (_, index) => `14/${index}`)));
  });

  it('tells what a key has changed, on every attempt, with the value before', async () => {
    const id = await customer();
    await directory.setCustomerStatus(id, 'sales', 'new', 'k1');
    const first = await directory.setCustomerStatus(id, 'sales', 'vip', 'k2');
    expect(first).toEqual({
      at: expect.any(String),
      from: { sales_status: 'new', sales_status_id: 1 },
      to: { sales_status: 'vip', sales_status_id: 2 },
    });
    await directory.setCustomerStatus(id, 'sales', 'new', 'k3');
    expect(await directory.setCustomerStatus(id, 'sales', 'vip', 'k2')).toEqual(first);
    expect(await directory.setCustomerRiskLevel(id, 'high', 'k4')).toMatchObject({
      from: {},
      to: { risk_level: 'high' },
    });
  });

  it('tells of no change, however often it is asked, when everything was as wanted', async () => {
    const id = await customer();
    await directory.setCustomerActive(id, true, 'k1');
    expect(await directory.setCustomerActive(id, true, 'k2')).toBeNull();
    expect(await directory.setCustomerActive(id, true, 'k2')).toBeNull();
    expect(await directory.customer(id)).toEqual({ id, active: true });
  });

  it('makes a change once when many attempts race, and gives each racing key its own value before', async () => {
    const id = await customer();
    const attempts = await Promise.all(Array.from({ length: 8 }, () => directory.setCustomerRiskLevel(id, 'a', 'one')));
    expect(new Set(attempts.map((change) => JSON.stringify(change))).size).toBe(1);
    const keys = ['b', 'c', 'd', 'e'];
    const changes = await Promise.all(keys.map((key) => directory.setCustomerRiskLevel(id, key, key)));
    const last = (await directory.customer(id))!.risk_level;
    // Each value but the last was replaced by exactly one other.
    expect(new Set(changes.map((change) => change!.from.risk_level))).toEqual(
      new Set(['a', ...keys].filter((key) => key !== last)),
    );
  });

  it('knows a status at once that was not there a moment ago', async () => {
    const id = await customer();
    await expect(directory.setCustomerStatus(id, 'sales', 'sudden', 'k')).rejects.toMatchObject({
      code: 'status_not_found',
    });
    await directory.load({ statuses: [{ id: 91, type: 'sales', code: 'sudden' }] });
    expect(await directory.setCustomerStatus(id, 'sales', 'sudden', 'k')).toMatchObject({
      to: { sales_status_id: 91 },
    });
  });

  it('fails for good on an unknown customer, also one that only an account names', async () => {
    const id = uniqueName('customer');
    await put(account({ customer_id: id }), at(1));
    const refused = { code: 'customer_not_found', retryable: false };
    await expect(directory.setCustomerRiskLevel(id, 'high', 'k')).rejects.toMatchObject(refused);
    await expect(directory.setCustomerStatus(id, 'sales', 'vip', 'k')).rejects.toMatchObject(refused);
    expect(await directory.customer(id)).toBeNull();
  });
});

describe('freezes of accounts', () => {
  const freeze = { reason: 'Chargeback', at: at(10) };
  const frozen = { frozen: true, frozen_reason: 'Chargeback', frozen_at: at(10) };

  it('R-175 outlast whatever the trading platform says of the account', async () => {
    const made = account({ name: 'Ada' });
    await put(made, at(1));
    const before = (await directory.changes(null)).revision;
    const outcome = await directory.freezeAccounts([made.login, 2, 1], freeze, 'k');
    expect(outcome).toEqual({ frozen: [made.login], already: [], unknown: [1, 2] });
    expect((await directory.changes(null)).revision).toBe(before + 1);
    expect(await one(made.login)).toEqual({ ...made, ...frozen });

    const { login } = made;
    await put({ login, group: 'b', frozen: false, frozen_reason: 'none' }, at(20));
    expect(await one(login)).toEqual({ login, group: 'b', ...frozen });
    await directory.load({ accounts: [{ login, group: 'c' }] });
    expect(await one(login)).toMatchObject({ group: 'c', ...frozen });
    await remove(login, at(21));
    expect((await directory.freezeAccounts([login], freeze, 'gone')).unknown).toEqual([login]);
    await put({ login, group: 'd' }, at(22));
    expect(await one(login)).toEqual({ login, group: 'd', ...frozen });
  });

  it('are made by no record of the trading platform', async () => {
    const { login } = account();
    await put({ login, group: 'a', frozen: true }, at(1));
    expect(await one(login)).toEqual({ login, group: 'a' });
  });

  it('R-175 are applied once for each key, also when many attempts race, and after somebody has ended them', async () => {
    const made = account();
    await put(made, at(1));
    const { login } = made;
    const attempts = Array.from({ length: 8 }, () => directory.freezeAccounts([login], freeze, 'first'));
    expect(new Set((await Promise.all(attempts)).map(({ frozen: logins }) => logins[0]))).toEqual(new Set([login]));
    const later = { reason: 'Second look', at: at(11) };
    expect(await directory.freezeAccounts([login], later, 'second')).toEqual({
      frozen: [],
      already: [login],
      unknown: [],
    });
    expect(await one(login)).toMatchObject(frozen);

    await directory.load({ accounts: [{ ...made, frozen: false }] });
    expect((await directory.freezeAccounts([login], freeze, 'first')).frozen).toEqual([login]);
    expect(await one(login)).toMatchObject({ frozen: false });
    await directory.freezeAccounts([login], later, 'third');
    expect(await one(login)).toMatchObject({ frozen: true, frozen_reason: 'Second look' });
  });

  it('R-175 leave an account alone that is linked to a customer and still awaited', async () => {
    const made = account();
    const id = uniqueName('customer');
    await directory.load({ customers: [{ id, logins: [made.login] }] });
    expect((await directory.freezeAccounts([made.login], freeze, 'k')).unknown).toEqual([made.login]);
    await put(made, at(1));
    expect(await one(made.login)).toEqual({ ...made, customer_id: id });
  });
});

describe('managers', () => {
  it('are found by id, and all enabled ones together', async () => {
    const [on, off] = [
      { id: 7, name: 'Mia', enabled: true, brands: ['alpha'] },
      { id: 8, name: 'Leo', enabled: false },
    ];
    await directory.load({ managers: [on, off], teams: [{ id: 'retention', name: 'Retention', agent_ids: [7] }] });
    expect(await directory.manager(8)).toEqual(off);
    expect(await directory.manager(9)).toBeNull();
    expect(await directory.enabledManagers()).toEqual([on]);
    expect(await directory.listAll('teams')).toEqual([{ id: 'retention', name: 'Retention', agent_ids: [7] }]);
  });
});
