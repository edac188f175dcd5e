import { describe, expect, it } from 'vitest';
import type { Manager } from '#libs/domain/directory/directory.ts';
import type { Customer } from '#libs/domain/directory/customer.ts';
import type { Notification } from '#libs/domain/crm/notification.ts';
import type { NotifyManagerInput } from '#temporal/contract/activities.ts';
import { notifyManagerActivity } from './notify-manager.activity.ts';

const managers: Manager[] = [
  { id: 1, name: 'Ada', enabled: true },
  { id: 2, name: 'Bo', enabled: true, brands: ['acme'] },
  { id: 3, name: 'Cy', enabled: true, brands: ['other'] },
  { id: 4, name: 'Di', enabled: false },
];

function setUp(customer: Partial<Customer> | null = null, known = managers) {
  const added: Notification[] = [];
  const notify = notifyManagerActivity({
    directory: {
      customer: (id) => Promise.resolve(customer === null ? null : { id, ...customer }),
      manager: (id) => Promise.resolve(known.find((manager) => manager.id === id) ?? null),
      enabledManagers: () => Promise.resolve(known.filter(({ enabled }) => enabled)),
    },
    notifications: { add: (notifications) => Promise.resolve(void added.push(...notifications)) },
  });
  const ids = async (input: Partial<NotifyManagerInput> = {}) => {
    await notify({ ...base, ...input });
    return added.map(({ manager_id }) => manager_id);
  };
  return { notify, added, ids };
}

const base: NotifyManagerInput = {
  key: 'r-1:e-1/action-0',
  executionId: 'r-1:e-1',
  tenant: 'acme',
  ruleId: 'r-1',
  ruleName: 'Big deposit',
  eventId: 'e-1',
  customerId: 'c-1',
  login: 1001,
  managerId: null,
  title: null,
  message: null,
};

describe('notify.manager', () => {
  it('R-070 notifies the manager that is named', async () => {
    expect(await setUp({ assigned_manager_id: 2 }).ids({ managerId: 1 })).toEqual([1]);
  });

  it.each([99, 4, 3])(
    'fails for good when the named manager %d is unknown, not enabled or of another brand',
    async (managerId) => {
      const { notify, added } = setUp();
      await expect(notify({ ...base, managerId })).rejects.toMatchObject({
        code: 'manager_not_found',
        retryable: false,
      });
      expect(added).toEqual([]);
    },
  );

  it("R-071 notifies the customer's assigned manager when none is named", async () => {
    expect(await setUp({ assigned_manager_id: 2, manager_id: 1 }).ids()).toEqual([2]);
  });

  it('R-072 takes 0 for none', async () => {
    expect(await setUp({ assigned_manager_id: 2 }).ids({ managerId: 0 })).toEqual([2]);
  });

  it('R-073 notifies the manager of the customer when none is assigned', async () => {
    expect(await setUp({ manager_id: 1 }).ids()).toEqual([1]);
    expect(await setUp({ assigned_manager_id: 0, manager_id: 1 }).ids()).toEqual([1]);
  });

  it.each([99, 4, 3])(
    'goes on to the next when the assigned manager %d is unknown, not enabled or of another brand',
    async (assigned) => {
      expect(await setUp({ assigned_manager_id: assigned, manager_id: 1 }).ids()).toEqual([1]);
      expect(await setUp({ assigned_manager_id: assigned }).ids()).toEqual([1, 2]);
    },
  );

  it('R-074 R-075 notifies every enabled manager of the brand when the customer has none', async () => {
    expect(await setUp({}).ids()).toEqual([1, 2]);
  });

  it('R-076 notifies every enabled manager when there is no customer', async () => {
    expect(await setUp({ manager_id: 2 }).ids({ customerId: null, tenant: 'other' })).toEqual([1, 3]);
    expect(await setUp(null).ids({ customerId: 'unknown' })).toEqual([1, 2]);
  });

  it('fails for good when there is no manager to notify', async () => {
    const { notify } = setUp(null, [{ id: 3, name: 'Cy', enabled: true, brands: ['other'] }]);
    await expect(notify(base)).rejects.toMatchObject({
      code: 'manager_not_found',
      message: expect.stringContaining('acme'),
    });
  });

  it('gives a notification the same id on every attempt, and one of its own to each manager', async () => {
    const { notify, added } = setUp({});
    await notify(base);
    await notify(base);
    expect(added.map(({ id }) => id)).toEqual(Array(2).fill(['r-1:e-1/action-0/1', 'r-1:e-1/action-0/2']).flat());
  });

  it('takes title and message of the rule, or says which rule it was', async () => {
    const { notify, added } = setUp({});
    await notify({ ...base, managerId: 1, title: 'VIP', message: 'Call them' });
    expect(added.at(-1)).toMatchObject({ title: 'VIP', message: 'Call them', run_id: 'r-1:e-1', tenant: 'acme' });
    await notify({ ...base, managerId: 1 });
    expect(added.at(-1)).toMatchObject({ title: 'Big deposit', message: expect.stringContaining('e-1') });
  });
});
