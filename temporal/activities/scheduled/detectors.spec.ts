import { describe, expect, it } from 'vitest';
import type { CrmEnvelope } from '#libs/contracts/crm-message.ts';
import type { CustomerActivity } from '#libs/domain/events/customer-activity.ts';
import type { Task } from '#libs/domain/crm/task.ts';
import { detectInactiveActivity, type DetectInactivePorts } from './detect-inactive.activity.ts';
import { detectOverdueActivity } from './detect-overdue.activity.ts';

const today = '2026-03-10';
const now = () => new Date(`${today}T00:10:00.000Z`);

function recorder() {
  const published: CrmEnvelope[] = [];
  return {
    published,
    crm: { publish: (events: readonly CrmEnvelope[]) => Promise.resolve(void published.push(...events)) },
  };
}

describe('the detector of inactive customers', () => {
  const days: [string, string][] = [
    ['a', '2026-03-10'],
    ['b', '2026-03-09'],
    ['c', '2026-03-08'],
    ['d', '2026-02-07'],
  ];

  function setUp(more: Partial<DetectInactivePorts> = {}, marks: string[] = []) {
    const { published, crm } = recorder();
    const tidied: string[] = [];
    const beats: unknown[] = [];
    const log: CustomerActivity[] = days.map(([customerId, lastDay]) => ({
      customerId,
      place: `${customerId}:${lastDay}`,
      lastDay,
      outdated: [],
    }));
    const page = (after: string | null, limit: number) =>
      Promise.resolve(log.filter(({ place }) => after === null || place > after).slice(0, limit));
    const detect = detectInactiveActivity({
      activity: {
        page,
        forget: () => Promise.resolve(),
        doneFor: () => Promise.resolve(marks.at(-1) ?? null),
        done: (day) => Promise.resolve(void marks.push(day)),
        tidiedFor: () => Promise.resolve(tidied.at(-1) ?? null),
        tidied: (day) => Promise.resolve(void tidied.push(day)),
      },
      crm,
      isAskedFor: () => Promise.resolve(true),
      isHeardUntil: () => Promise.resolve(true),
      minDays: 1,
      resumeFrom: () => undefined,
      heartbeat: (reached) => void beats.push(reached),
      now,
      pageSize: 1,
      ...more,
    });
    return { published, beats, marks, detect };
  }

  it('R-140 R-142 tells of each silent customer how many whole days it was, under an id of customer and day', async () => {
    const { published, marks, detect } = setUp({}, ['2026-03-09']);
    expect(await detect()).toEqual({ published: 2 });
    expect(marks.at(-1)).toBe(today);
    const event = { type: 'customer.inactive_days', occurredAt: `${today}T00:00:00.000Z` };
    expect(published).toEqual([
      {
        ...event,
        id: 'customer.inactive_days:c:2026-03-10',
        customerId: 'c',
        data: { inactive_days: 1, last_active: '2026-03-08' },
      },
      {
        ...event,
        id: 'customer.inactive_days:d:2026-03-10',
        customerId: 'd',
        data: { inactive_days: 30, last_active: '2026-02-07' },
      },
    ]);
  });

  it('R-142 tells of no customer who was silent for fewer days than the least', async () => {
    const { published, detect } = setUp({ minDays: 2 });
    await detect();
    expect(published.map(({ customerId }) => customerId)).toEqual(['d']);
  });

  it('looks at a day once, and at none for which no rule asks or not everything was heard', async () => {
    const done = setUp({}, [today]);
    expect(await done.detect()).toEqual({ published: 0 });
    const unasked = setUp({ isAskedFor: () => Promise.resolve(false) });
    expect(await unasked.detect()).toEqual({ published: 0 });
    const unheard = setUp({ isHeardUntil: (time) => Promise.resolve(time < Date.parse(today)) });
    expect(await unheard.detect()).toEqual({ published: 0 });
    expect([done, unasked, unheard].flatMap(({ published }) => published)).toEqual([]);
    expect([...unasked.marks, ...unheard.marks]).toEqual([]);
  });

  it('goes on where the attempt before it stopped, unless that was on another day', async () => {
    const { beats, detect } = setUp();
    await detect();
    const atC = beats[2];
    const again = setUp({ resumeFrom: () => atC });
    expect(await again.detect()).toEqual({ published: 2 });
    expect(again.published.map(({ customerId }) => customerId)).toEqual(['d']);
    const nextDay = setUp({ resumeFrom: () => atC, now: () => new Date('2026-03-11T00:10:00.000Z') });
    await nextDay.detect();
    expect(nextDay.published.map(({ customerId }) => customerId)).toEqual(['b', 'c', 'd']);
  });
});

describe('the detector of overdue tasks', () => {
  it('names the brand of a task where one is called "default", and none where it has none', async () => {
    const { published, crm } = recorder();
    const open = [
      { ...task, tenant: 'default' },
      { ...task, id: 'r-2:e-1/action-0', tenant: null },
    ];
    const tasks = { overdue: () => Promise.resolve(open.splice(0)), markOverdue: () => Promise.resolve() };
    await detectOverdueActivity({ tasks, crm, heartbeat: () => undefined, now })();
    expect(published.map(({ brand }) => brand)).toEqual(['default', undefined]);
  });

  const task: Task = {
    id: 'r-1:e-1/action-0',
    tenant: 'acme',
    run_id: 'r-1:e-1',
    rule_id: 'r-1',
    rule_name: 'Call',
    event_id: 'e-1',
    customer_id: 'c-1',
    login: null,
    created_at: '2026-03-01T00:00:00.000Z',
    type: 'call',
    title: 'Call',
    status: 'open',
    assignee_id: 2,
    due_at: '2026-03-02T00:00:00.000Z',
    done_at: null,
  };

  it('R-139 publishes each overdue task, and marks it only once that is done', async () => {
    const { published, crm } = recorder();
    const open = new Map([[task.id, task]]);
    const tasks = {
      overdue: () => Promise.resolve([...open.values()]),
      markOverdue: (ids: readonly string[]) => {
        expect(published).toHaveLength(1);
        return Promise.resolve(ids.forEach((id) => open.delete(id)));
      },
    };
    const detect = detectOverdueActivity({ tasks, crm, heartbeat: () => undefined, now });
    expect(await detect()).toEqual({ published: 1 });
    expect(published).toEqual([
      {
        id: 'task.overdue:r-1:e-1/action-0',
        type: 'task.overdue',
        occurredAt: task.due_at,
        brand: 'acme',
        customerId: 'c-1',
        data: { task_id: task.id, type: 'call', title: 'Call', due_at: task.due_at, assignee_id: 2 },
      },
    ]);
  });
});
