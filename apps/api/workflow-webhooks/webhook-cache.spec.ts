import { describe, expect, it, vi } from 'vitest';
import { RetryableError } from '#libs/domain/errors/errors.ts';
import type { StoredWorkflowWebhook } from '#libs/domain/workflow-webhooks/workflow-webhook.ts';
import { WebhookCache } from './webhook-cache.ts';

function named(name: string): StoredWorkflowWebhook[] {
  return [{ id: 'kyc', name } as StoredWorkflowWebhook];
}

class Store {
  revisions = 0;
  reads = 0;
  name = 'first';
  count = 1;
  isAway = false;
  /** Resolves what a look waits for; null: it waits for nothing. */
  gate: Promise<void> | null = null;

  async revision(): Promise<number> {
    this.revisions += 1;
    const { count } = this;
    if (this.isAway) throw new RetryableError('store_unavailable', 'away');
    await this.gate;
    return count;
  }

  all(): Promise<StoredWorkflowWebhook[]> {
    this.reads += 1;
    return Promise.resolve(named(this.name));
  }

  change(name: string): void {
    this.name = name;
    this.count += 1;
  }
}

function cacheOf(store: Store): WebhookCache {
  return new WebhookCache(store, { warn: () => undefined });
}
const nameIn = async (cache: WebhookCache) => (await cache.get('kyc'))?.name;

describe('WebhookCache', () => {
  it('looks once a second, and reads again what has changed', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      const store = new Store();
      const cache = cacheOf(store);
      for (let n = 0; n < 5; n += 1) expect(await nameIn(cache)).toBe('first');
      expect(store.revisions).toBe(1);
      store.change('second');
      vi.advanceTimersByTime(999);
      expect(await nameIn(cache)).toBe('first');
      vi.advanceTimersByTime(1);
      expect(await nameIn(cache)).toBe('second');
      vi.advanceTimersByTime(1_000);
      expect(await nameIn(cache)).toBe('second');
      expect([store.revisions, store.reads]).toEqual([3, 2]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('knows at once what this process has changed, also while a look is under way that began before', async () => {
    const store = new Store();
    let open: () => void = () => undefined;
    store.gate = new Promise((resolve) => (open = resolve));
    const cache = cacheOf(store);
    const first = nameIn(cache);
    await new Promise((resolve) => setTimeout(resolve, 2));
    store.gate = null;
    const before = store.count;
    store.change('second');
    expect(store.count).toBe(before + 1);
    cache.forget();
    const second = nameIn(cache);
    open();
    await first;
    expect(await second).toBe('second');
  });

  it('trusts nothing while the store is away', async () => {
    const store = new Store();
    const cache = cacheOf(store);
    expect(await nameIn(cache)).toBe('first');
    store.isAway = true;
    cache.forget();
    await expect(nameIn(cache)).rejects.toMatchObject({ code: 'store_unavailable' });
    await expect(cache.refresh()).rejects.toMatchObject({ code: 'store_unavailable' });
    store.isAway = false;
    expect(await nameIn(cache)).toBe('first');
  });

  it('shares a look among those who ask at once', async () => {
    const store = new Store();
    const cache = cacheOf(store);
    await Promise.all(Array.from({ length: 10 }, () => nameIn(cache)));
    expect(store.revisions).toBe(1);
    await Promise.all(Array.from({ length: 10 }, () => cache.refresh()));
    expect(store.revisions).toBe(3);
  });
});
