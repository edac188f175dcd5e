import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RetryableError } from '#libs/domain/errors/errors.ts';
import type { RuleFeed } from '#libs/domain/rules/rule-feed.ts';
import { RuleIndex } from '#libs/domain/matching/rule-index.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { RuleSync } from './rule-sync.ts';

function rule(id: string, more: Partial<Rule> = {}): Rule {
  const time = '2026-01-01T00:00:00.000Z';
  return {
    id,
    name: id,
    description: '',
    brand: null,
    trigger_event: id,
    conditions: { match: 'all', rules: [] },
    actions: [],
    priority: 100,
    stop_after: false,
    status: 'active',
    version: 1,
    created_at: time,
    updated_at: time,
    archived_at: null,
    created_by: 'test',
    updated_by: 'test',
    ...more,
  };
}

describe('RuleSubscription', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function subscribe(first: Rule[]) {
    const feed = {
      snapshot: vi.fn<RuleFeed['snapshot']>(async () => ({ revision: 1, rules: first })),
      changesSince: vi.fn<RuleFeed['changesSince']>(async (revision) => ({ revision, rules: [], deleted: [] })),
    };
    const logs: string[] = [];
    const log = createLogger('test', 'info', {
      write: (line) => void logs.push((JSON.parse(line) as { msg: string }).msg),
    });
    const rules = new RuleIndex();
    const changed = vi.fn();
    return {
      feed,
      logs,
      rules,
      changed,
      subscription: new RuleSync({ feed, rules, pollMs: 100, changed, log }),
    };
  }
  const poll = () => vi.advanceTimersByTimeAsync(100);

  it('is ready once the rules are loaded', async () => {
    const { subscription, rules, changed } = subscribe([rule('a')]);
    await expect(subscription.check()).rejects.toThrow('not loaded');
    await subscription.start();
    await subscription.check();
    expect(rules.hasTrigger('a')).toBe(true);
    expect(changed).toHaveBeenLastCalledWith(1, 0);
    await subscription.stop();
  });

  it('follows changes, deletions and rules that are no longer active', async () => {
    const { subscription, feed, rules, changed } = subscribe([rule('a'), rule('b'), rule('c')]);
    await subscription.start();
    feed.changesSince.mockResolvedValueOnce({
      revision: 2,
      rules: [rule('d'), rule('b', { status: 'archived' })],
      deleted: ['a'],
    });
    await poll();
    expect(['a', 'b', 'c', 'd'].filter((trigger) => rules.hasTrigger(trigger))).toEqual(['c', 'd']);
    expect(changed).toHaveBeenLastCalledWith(2, 0);
    await poll();
    expect(feed.changesSince).toHaveBeenLastCalledWith(2);
    await subscription.stop();
  });

  it('loads all rules again when the changes are no longer kept', async () => {
    const { subscription, feed, rules } = subscribe([rule('a')]);
    await subscription.start();
    feed.changesSince.mockResolvedValueOnce(null);
    feed.snapshot.mockResolvedValueOnce({ revision: 9, rules: [rule('b')] });
    await poll();
    expect(rules.hasTrigger('a')).toBe(false);
    expect(rules.hasTrigger('b')).toBe(true);
    await subscription.stop();
  });

  it('keeps the rules while the store is away, and says so once', async () => {
    const { subscription, feed, rules, logs } = subscribe([rule('a')]);
    await subscription.start();
    const away = new RetryableError('store_unavailable', 'no server answers');
    feed.changesSince.mockRejectedValueOnce(away).mockRejectedValueOnce(away);
    for (let polls = 0; polls < 3; polls++) await poll();
    expect(rules.hasTrigger('a')).toBe(true);
    expect(logs.slice(1)).toEqual([
      'rule changes cannot be followed: no server answers; going on with the rules as last seen',
      'rule changes are followed again',
    ]);
    await subscription.stop();
  });

  it('does not let a rule that cannot be used keep the others from running', async () => {
    const broken = rule('broken', { conditions: { field: 'event.a', operator: 'regex', value: '(' } });
    const { subscription, rules, logs, changed } = subscribe([broken, rule('a')]);
    await subscription.start();
    expect(rules.hasTrigger('a')).toBe(true);
    expect(logs[0]).toContain('rule "broken" cannot be used');
    expect(logs[0]).toContain('events that it may be for wait until it can be used');
    expect(changed).toHaveBeenLastCalledWith(1, 1);
    await subscription.stop();
  });

  it('holds up the events that a rule which cannot be used may be for, until it can', async () => {
    const conditions = { field: 'event.a', operator: 'of a newer build' as 'eq', value: 1 };
    const { subscription, feed, rules } = subscribe([rule('newer', { conditions, brand: 'north' })]);
    await subscription.start();
    expect(rules.hasTrigger('newer')).toBe(true);
    expect(rules.candidates('newer', 'north').any).toBe(true);
    expect(['north', 'south', null].map((brand) => rules.isHeldUp('newer', brand))).toEqual([true, false, false]);
    feed.changesSince.mockResolvedValueOnce({ revision: 2, rules: [rule('newer', { brand: 'north' })], deleted: [] });
    await poll();
    expect(rules.isHeldUp('newer', 'north')).toBe(false);
    await subscription.stop();
  });

  it('holds up nothing for a rule in shadow, or one that is gone', async () => {
    const conditions = { field: 'event.a', operator: 'of a newer build' as 'eq', value: 1 };
    const { subscription, feed, rules, logs } = subscribe([
      rule('gone', { conditions }),
      rule('shadow', { conditions, status: 'shadow' }),
    ]);
    await subscription.start();
    expect(rules.isHeldUp('shadow', 'north')).toBe(false);
    expect(logs.filter((line) => line.endsWith('it is only in shadow'))).toEqual([expect.stringContaining('"shadow"')]);
    expect(rules.isHeldUp('gone', 'north')).toBe(true);
    feed.changesSince.mockResolvedValueOnce({ revision: 2, rules: [], deleted: ['gone'] });
    await poll();
    expect(rules.isHeldUp('gone', 'north')).toBe(false);
    await subscription.stop();
  });

  it('puts what a look under way finds before it has stopped, and looks no more', async () => {
    const { subscription, feed, rules } = subscribe([rule('a')]);
    await subscription.start();
    let answer: (changes: Awaited<ReturnType<RuleFeed['changesSince']>>) => void = () => {};
    feed.changesSince.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
    await poll();
    const stopped = vi.fn();
    const stopping = subscription.stop().then(stopped);
    await poll();
    expect(stopped).not.toHaveBeenCalled();
    answer({ revision: 2, rules: [rule('b')], deleted: [] });
    await vi.advanceTimersByTimeAsync(0);
    await stopping;
    expect(rules.hasTrigger('b')).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
    expect(feed.changesSince).toHaveBeenCalledOnce();
  });
});
