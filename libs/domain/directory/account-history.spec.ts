import { describe, expect, it } from 'vitest';
import { accountAt, type AccountHistory } from './account-history.ts';

const at = (second: number) => new Date(second * 1000).toISOString();
const moved: AccountHistory = {
  login: 7,
  account: { login: 7, group: 'c', leverage: 100 },
  placements: [
    { until: 10_000, group: 'a', customer_id: 'c-1' },
    { until: 20_000, group: 'b' },
  ],
};

describe('accountAt', () => {
  it('gives the group and customer of the time, and everything else as it is now', () => {
    expect(accountAt(moved, at(5))).toEqual({ login: 7, group: 'a', customer_id: 'c-1', leverage: 100 });
    expect(accountAt(moved, at(10))).toEqual({ login: 7, group: 'b', leverage: 100 });
    expect(accountAt(moved, at(20))).toEqual(moved.account);
  });

  it('knows a removed account until it was removed', () => {
    const removed = { ...moved, account: null };
    expect(accountAt(removed, at(19))).toEqual({ login: 7, group: 'b' });
    expect(accountAt(removed, at(20))).toBeNull();
  });
});
