import { describe, expect, it } from 'vitest';
import type { Account } from '#libs/domain/directory/account.ts';
import type { LastActivity } from '#libs/domain/events/customer-activity.ts';
import { topics, type PlatformEvent } from '#libs/domain/events/platform-event.ts';
import { CustomerActivityRecorder } from './customer-activity.recorder.ts';
import { DirectoryCache } from '#libs/matching/directory-cache.ts';

const noon = '2026-03-10T12:00:00.000Z';

function setUp(accounts: Account[] = []) {
  const recorded: LastActivity[] = [];
  const known = new Map(accounts.map((account) => [account.login, account]));
  const directory = new DirectoryCache({
    changes: () => Promise.resolve({ revision: 1, logins: [] }),
    accounts: () => Promise.resolve(new Map()),
    accountHistories: (logins) =>
      Promise.resolve(
        new Map(
          [...known]
            .filter(([login]) => [...logins].includes(login))
            .map(([login, account]) => [login, { login, account, placements: [] }]),
        ),
      ),
    groups: () => Promise.resolve(new Map()),
    customers: () => Promise.resolve(new Map()),
    customerAccounts: () => Promise.resolve(new Map()),
  });
  const watch = new CustomerActivityRecorder(
    { record: (activities) => Promise.resolve(void recorded.push(...activities)) },
    () => Date.parse(noon),
  );
  const hear = async (...events: PlatformEvent[]): Promise<number> => {
    const news = watch.news(events);
    await watch.note(news, directory);
    return news.length;
  };
  return { recorded, known, hear };
}

const event = (more: Partial<PlatformEvent>): PlatformEvent => ({
  id: 'e',
  trigger: 'trade.opened',
  topic: topics.trade,
  occurredAt: noon,
  brand: null,
  login: null,
  customerId: null,
  causation: [],
  data: {},
  ...more,
});

describe('the watch on activity', () => {
  it('R-140 notes each customer and day once, named by the event or by its account', async () => {
    const { recorded, hear } = setUp([
      { login: 1, group: 'g', customer_id: 'c-1' },
      { login: 2, group: 'g' },
    ]);
    const yesterday = '2026-03-09T23:59:59.999Z';
    const events = [
      event({ login: 1, occurredAt: yesterday }),
      event({ login: 1 }),
      event({ customerId: 'c-2', trigger: null }),
      event({ login: 2 }),
      event({}),
    ];
    await hear(...events);
    expect(recorded).toEqual([
      { customerId: 'c-1', day: '2026-03-09' },
      { customerId: 'c-1', day: '2026-03-10' },
      { customerId: 'c-2', day: '2026-03-10' },
    ]);
    expect(await hear(...events)).toBe(0);
  });

  it('takes neither what actions caused nor what signalbox has found out itself for activity', async () => {
    const { recorded, hear } = setUp();
    await hear(
      event({ customerId: 'c-1', causation: ['e-0'] }),
      event({ customerId: 'c-1', trigger: 'customer.inactive_days' }),
      event({ customerId: 'c-1', trigger: 'task.overdue' }),
    );
    expect(recorded).toEqual([]);
  });

  it('believes no clock that is ahead, and asks again for an account that was unknown', async () => {
    const { recorded, known, hear } = setUp();
    await hear(event({ customerId: 'c-1', occurredAt: '2026-04-01T00:00:00.000Z' }));
    await hear(event({ login: 7 }));
    known.set(7, { login: 7, group: 'g', customer_id: 'c-7' });
    await hear(event({ login: 7 }));
    expect(recorded).toEqual([
      { customerId: 'c-1', day: '2026-03-10' },
      { customerId: 'c-7', day: '2026-03-10' },
    ]);
  });
});
