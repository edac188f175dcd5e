import { describe, expect, it, vi } from 'vitest';
import type { RuleFeed } from '#libs/domain/rules/rule-feed.ts';
import type { Rule, RuleStatus } from '#libs/domain/rules/rule.ts';
import { ActiveRulesCache } from './active-rules.ts';

const rule = (id: string, status: RuleStatus = 'active', version = 1) => ({ id, status, version }) as Rule;
const ids = (rules: Rule[]): string[] => rules.map(({ id, version }) => `${id} v${version}`).sort();

function feedOf(rules: Rule[]) {
  return {
    snapshot: vi.fn<RuleFeed['snapshot']>(() => Promise.resolve({ revision: 1, rules })),
    changesSince: vi.fn<RuleFeed['changesSince']>((revision) => Promise.resolve({ revision, rules: [], deleted: [] })),
  };
}

describe('ActiveRules', () => {
  it('reads all once, and then what has changed', async () => {
    const feed = feedOf([rule('a'), rule('b'), rule('c'), rule('shadow', 'shadow')]);
    const active = new ActiveRulesCache(feed);
    expect(ids(await active.get())).toEqual(['a v1', 'b v1', 'c v1']);
    feed.changesSince.mockResolvedValueOnce({
      revision: 4,
      rules: [rule('a', 'inactive', 2), rule('b', 'active', 2), rule('d'), rule('shadow', 'active', 2)],
      deleted: ['c'],
    });
    expect(ids(await active.get())).toEqual(['b v2', 'd v1', 'shadow v2']);
    expect(ids(await active.get())).toEqual(['b v2', 'd v1', 'shadow v2']);
    expect(feed.changesSince).toHaveBeenLastCalledWith(4);
    expect(feed.snapshot).toHaveBeenCalledOnce();
  });

  it('reads all again when what has changed is no longer kept', async () => {
    const feed = feedOf([rule('a')]);
    const active = new ActiveRulesCache(feed);
    await active.get();
    feed.changesSince.mockResolvedValueOnce(null);
    feed.snapshot.mockResolvedValueOnce({ revision: 9, rules: [rule('z')] });
    expect(ids(await active.get())).toEqual(['z v1']);
  });

  it('forgets nothing it holds when the store is away', async () => {
    const feed = feedOf([rule('a')]);
    const active = new ActiveRulesCache(feed);
    await active.get();
    feed.changesSince.mockRejectedValueOnce(new Error('away'));
    await expect(active.get()).rejects.toThrow('away');
    expect(ids(await active.get())).toEqual(['a v1']);
  });
});
