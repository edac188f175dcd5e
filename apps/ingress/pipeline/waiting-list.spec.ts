import { expect, it } from 'vitest';
import type { PlatformEvent } from '#libs/domain/events/platform-event.ts';
import type { WaitingEvent, WaitingEvents } from '#libs/domain/events/waiting-event.ts';
import { WaitingList } from './waiting-list.ts';

function deposit(amount: number, login = 7): PlatformEvent {
  const trade = { login, cmd: 'OP_BALANCE_IN', amount_usd: amount };
  const record = { data: trade, trade, login, brand: null, customerId: null, causation: [] };
  return { id: 'd-1', trigger: 'deposit.created', topic: 'trade.push', occurredAt: '2026-06-01T00:00:00Z', ...record };
}

/** Events by key, as the store keeps them. */
function listWith(): { list: WaitingList; kept: Map<string, WaitingEvent> } {
  const kept = new Map<string, WaitingEvent>();
  const store: Pick<WaitingEvents, 'keep' | 'waitFor'> = {
    async keep(waiting) {
      const earlier = new Map<number, WaitingEvent>();
      for (const [index, one] of waiting.entries()) {
        const known = kept.get(one.key);
        if (known === undefined) kept.set(one.key, structuredClone(one));
        else earlier.set(index, known);
      }
      return earlier;
    },
    async waitFor(key, waitsFor) {
      kept.get(key)!.waitsFor = waitsFor;
    },
  };
  return { list: new WaitingList(store as WaitingEvents, { brokerMs: 1000, crmMs: 1000 }), kept };
}

const waits = (event: PlatformEvent, waitsFor = `login:${event.login}`) => ({
  event,
  held: null,
  trigger: 'deposit.created',
  waitsFor,
});

it('names the events whose id another event has that waits, be it of the same call', async () => {
  const { list, kept } = listWith();
  const [first, second, third] = [deposit(1), deposit(2), deposit(3, 8)];
  expect([...(await list.keep([waits(first), waits(second)]))]).toEqual([second]);
  expect([...(await list.keep([waits(third)]))]).toEqual([third]);
  expect([...kept.values()].map(({ event, waitsFor }) => [event.data['amount_usd'], waitsFor])).toEqual([
    [1, 'login:7'],
  ]);
});

it('keeps an event once that comes again, and has it wait for what is missing now', async () => {
  const { list, kept } = listWith();
  await list.keep([waits(deposit(1))]);
  expect([...(await list.keep([waits(deposit(1), 'group:new')]))]).toEqual([]);
  expect([...kept.values()].map(({ waitsFor }) => waitsFor)).toEqual(['group:new']);
});
