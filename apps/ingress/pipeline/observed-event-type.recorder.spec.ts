import { describe, expect, it, vi } from 'vitest';
import type { PlatformEvent } from '#libs/domain/events/platform-event.ts';
import type { ObservedEventType } from '#libs/domain/context/observed-event-type.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { ObservedEventTypeRecorder } from './observed-event-type.recorder.ts';

const event = (trigger: string | null, data: Record<string, unknown> = {}): PlatformEvent => ({
  id: 'e',
  trigger,
  topic: 'crm.events',
  occurredAt: '2026-01-01T00:00:00.000Z',
  brand: null,
  login: null,
  customerId: null,
  causation: [],
  data,
});

function watch(most = 10, known: string[] = []) {
  const kept: ObservedEventType[] = known.map((name) => ({ name, first_seen_at: '', fields: [] }));
  const store = {
    add: vi.fn((triggers: ObservedEventType[]) => Promise.resolve(void kept.push(...triggers))),
    has: () => Promise.resolve(false),
    list: vi.fn(() => Promise.resolve([...kept])),
  };
  return { store, kept, watch: new ObservedEventTypeRecorder({ store, most, log: createLogger('ingress', 'silent') }) };
}

describe('TriggerWatch', () => {
  it('notes each type that no list names once, with what its first event carried', async () => {
    const { store, kept, watch: watched } = watch();
    const data = { tier: 'gold', points: 5, vip: true, list: [1], deep: { city: 'Rome', more: { x: 1 } }, 'a b': 1 };
    const events = [
      event('loyalty.upgraded', data),
      event('customer.deposited'),
      event('loyalty.upgraded'),
      event(null),
    ];
    await watched.note(watched.news(events), Date.parse('2026-02-01T00:00:00.000Z'));
    expect(kept).toEqual([
      {
        name: 'loyalty.upgraded',
        first_seen_at: '2026-02-01T00:00:00.000Z',
        fields: [
          { path: 'event.tier', type: 'string' },
          { path: 'event.points', type: 'number' },
          { path: 'event.vip', type: 'boolean' },
          { path: 'event.deep.city', type: 'string' },
        ],
      },
    ]);
    expect(watched.news(events)).toEqual([]);
    expect(store.list).toHaveBeenCalledOnce();
  });

  it('leaves those alone that another process has noted', async () => {
    const { store, watch: watched } = watch(10, ['loyalty.upgraded']);
    await watched.note(watched.news([event('loyalty.upgraded')]));
    expect(store.add).toHaveBeenCalledExactlyOnceWith([]);
    expect(watched.news([event('loyalty.upgraded')])).toEqual([]);
  });

  it('notes no more than it may', async () => {
    const { kept, watch: watched } = watch(2, ['first']);
    await watched.note(watched.news([event('second'), event('third')]));
    expect(kept.map(({ name }) => name)).toEqual(['first', 'second']);
    expect(watched.news([event('fourth')])).toEqual([]);
  });

  it('tries again what could not be stored', async () => {
    const { store, kept, watch: watched } = watch();
    store.add.mockRejectedValueOnce(new Error('away'));
    await expect(watched.note(watched.news([event('a.b')]))).rejects.toThrow('away');
    await watched.note(watched.news([event('a.b')]));
    expect(kept.map(({ name }) => name)).toEqual(['a.b']);
  });
});
