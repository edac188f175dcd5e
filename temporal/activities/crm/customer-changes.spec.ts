import { describe, expect, it } from 'vitest';
import type { CustomerChange } from '#libs/domain/directory/customer-change.ts';
import type { ActionTarget } from '#temporal/contract/activities.ts';
import { setCustomerActiveActivity } from './set-customer-active.activity.ts';
import { setCustomerStatusActivity } from './set-customer-status.activity.ts';
import { setRiskLevelActivity } from './set-risk-level.activity.ts';

const subject: ActionTarget = {
  key: 'r-1:e-1/action-0',
  executionId: 'r-1:e-1',
  tenant: 'acme',
  ruleId: 'r-1',
  ruleName: 'Big deposit',
  eventId: 'e-1',
  customerId: 'c-1',
  login: 1001,
};

const at = '2026-01-05T10:00:00.000Z';

/** @param change what the directory says it has changed; null: nothing */
function setUp(change: CustomerChange | null = null) {
  const calls: unknown[][] = [];
  const note = (...call: unknown[]) => {
    calls.push(call);
    return Promise.resolve(change);
  };
  return {
    calls,
    setStatus: setCustomerStatusActivity({ setCustomerStatus: note }),
    setRisk: setRiskLevelActivity({ setCustomerRiskLevel: note }),
    setActive: setCustomerActiveActivity({ setCustomerActive: note }),
  };
}

describe('the actions on a customer', () => {
  it("R-077 R-078 R-174 change the linked customer under the step's key", async () => {
    const { calls, setStatus, setRisk, setActive } = setUp();
    await setStatus({ ...subject, kind: 'kyc', status: 'verified' });
    await setRisk({ ...subject, riskLevel: 3 });
    await setActive({ ...subject, active: false });
    expect(calls).toEqual([
      ['c-1', 'kyc', 'verified', subject.key],
      ['c-1', 3, subject.key],
      ['c-1', false, subject.key],
    ]);
  });

  it('R-079 fail for good when the account is linked to no customer', async () => {
    const { calls, setStatus, setRisk, setActive } = setUp();
    const unlinked = { ...subject, customerId: null };
    const failure = { code: 'customer_not_linked', retryable: false, message: 'Account 1001 is linked to no customer' };
    await expect(setStatus({ ...unlinked, kind: 'sales', status: 'vip' })).rejects.toMatchObject(failure);
    await expect(setRisk({ ...unlinked, riskLevel: 3 })).rejects.toMatchObject(failure);
    await expect(setActive({ ...unlinked, active: true })).rejects.toMatchObject(failure);
    expect(calls).toEqual([]);
  });

  it('R-135 emit what changed, with the value before', async () => {
    const [from, to] = [
      { kyc_status: 'pending', kyc_status_id: 4, risk_level: 1, active: true },
      { kyc_status: 'verified', kyc_status_id: 5, risk_level: 3, active: false },
    ];
    const { setStatus, setRisk, setActive } = setUp({ at, from, to });
    expect((await setStatus({ ...subject, kind: 'kyc', status: 5 })).emits).toEqual([
      {
        type: 'customer.status_changed',
        at,
        data: { kind: 'kyc', status: 'verified', status_id: 5, previous: 'pending' },
      },
    ]);
    expect((await setRisk({ ...subject, riskLevel: 3 })).emits).toEqual([
      { type: 'customer.risk_changed', at, data: { risk_level: 3, previous: 1 } },
    ]);
    expect((await setActive({ ...subject, active: false })).emits).toEqual([
      { type: 'customer.active_changed', at, data: { active: false, previous: true } },
    ]);
  });

  it('emit nothing when nothing changed, nor when a status only got its id', async () => {
    const unchanged = setUp();
    expect((await unchanged.setStatus({ ...subject, kind: 'sales', status: 'vip' })).emits ?? []).toEqual([]);
    expect((await unchanged.setRisk({ ...subject, riskLevel: 3 })).emits ?? []).toEqual([]);
    expect((await unchanged.setActive({ ...subject, active: true })).emits ?? []).toEqual([]);
    const same = { sales_status: 'vip' };
    const { setStatus } = setUp({ at, from: same, to: { ...same, sales_status_id: 7 } });
    expect((await setStatus({ ...subject, kind: 'sales', status: 'vip' })).emits).toEqual([]);
  });
});
