import { describe, expect, it, vi } from 'vitest';
import type { DirectoryReader } from '#libs/domain/directory/directory.ts';
import type { Account } from '#libs/domain/directory/account.ts';
import { DirectoryCache } from './directory-cache.ts';

/** A directory whose accounts carry the revision they were read at as their group. */
function directory() {
  const state: { revision: number; logins: number[] | null } = { revision: 1, logins: null };
  const account = (login: number): Account => ({ login, group: `at ${state.revision}` });
  const history = (login: number) => ({ login, account: account(login), placements: [] });
  const reader = {
    changes: vi.fn(async (since: number | null) => ({
      revision: state.revision,
      logins: since === state.revision ? [] : state.logins,
    })),
    accounts: vi.fn(async () => new Map()),
    accountHistories: vi.fn(
      async (logins: Iterable<number>) => new Map([...logins].map((login) => [login, history(login)])),
    ),
    groups: vi.fn(async () => new Map()),
    customers: vi.fn(async () => new Map()),
    customerAccounts: vi.fn(async () => new Map()),
  } satisfies DirectoryReader;
  return { state, reader, cache: new DirectoryCache(reader) };
}

const groupOf = async (cache: DirectoryCache, login: number) => (await cache.accounts([login])).get(login)?.group;

describe('DirectoryCache', () => {
  it('reads a record once while nothing changes', async () => {
    const { cache, reader } = directory();
    for (let fetch = 0; fetch < 3; fetch++) {
      await cache.refresh({});
      expect(await groupOf(cache, 1)).toBe('at 1');
    }
    expect(reader.accountHistories).toHaveBeenCalledTimes(1);
  });

  it('remembers that a record does not exist', async () => {
    const { cache, reader } = directory();
    await cache.refresh({});
    await cache.groups(['none']);
    await cache.groups(['none']);
    expect(reader.groups).toHaveBeenCalledTimes(1);
  });

  it('reads again after a change', async () => {
    const { cache, state } = directory();
    await cache.refresh({});
    await groupOf(cache, 1);
    state.revision = 2;
    await cache.refresh({});
    expect(await groupOf(cache, 1)).toBe('at 2');
  });

  it('asks for the revision once for messages fetched together', async () => {
    const { cache, reader } = directory();
    const fetch = {};
    await cache.refresh(fetch);
    await cache.refresh(fetch);
    expect(reader.changes).toHaveBeenCalledTimes(1);
  });

  it('keeps what was read after the first of several looks at the same time', async () => {
    const { cache, reader } = directory();
    let answerLast = (): void => undefined;
    const isLast = new Promise<void>((resolve) => (answerLast = resolve));
    reader.changes.mockImplementationOnce(async () => (await isLast, { revision: 1, logins: null }));
    const last = cache.refresh({});
    await cache.refresh({});
    await groupOf(cache, 1);
    answerLast();
    await last;
    await groupOf(cache, 1);
    expect(reader.accountHistories).toHaveBeenCalledTimes(1);
  });

  it('forgets everything when the directory is an older one', async () => {
    const { cache, state, reader } = directory();
    state.revision = 5;
    await cache.refresh({});
    await groupOf(cache, 1);
    state.revision = 3;
    await cache.refresh({});
    await groupOf(cache, 1);
    expect(reader.accountHistories).toHaveBeenCalledTimes(2);
  });

  it('reads only the accounts again that a change names', async () => {
    const { cache, state, reader } = directory();
    await cache.refresh({});
    await cache.accounts([1, 2]);
    Object.assign(state, { revision: 2, logins: [1] });
    await cache.refresh({});
    expect(await groupOf(cache, 1)).toBe('at 2');
    expect(await groupOf(cache, 2)).toBe('at 1');
    expect(reader.accountHistories).toHaveBeenCalledTimes(2);
  });

  it('does not keep what was read while the account changed', async () => {
    const { cache, state, reader } = directory();
    await cache.refresh({});
    const reading = groupOf(cache, 1);
    Object.assign(state, { revision: 2, logins: [1] });
    cache.forget([1]);
    await reading;
    expect(await groupOf(cache, 1)).toBe('at 2');
    expect(reader.accountHistories).toHaveBeenCalledTimes(2);
  });
});
