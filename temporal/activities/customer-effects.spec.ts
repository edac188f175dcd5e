import { describe, expect, it } from 'vitest';
import type { StepSubject } from '#temporal/contract/activities.ts';
import { setCustomerActiveActivity } from './set-customer-active.activity.ts';
import { setCustomerStatusActivity } from './set-customer-status.activity.ts';
import { setRiskLevelActivity } from './set-risk-level.activity.ts';

const subject: StepSubject = {
  key: 'r-1:e-1/action-0',
  executionId: 'r-1:e-1',
  tenant: 'acme',
  ruleId: 'r-1',
  ruleName: 'Big deposit',
  eventId: 'e-1',
  customerId: 'c-1',
  login: 1001,
};

function setUp() {
  const calls: unknown[][] = [];
  const note = (...call: unknown[]) => Promise.resolve(void calls.push(call));
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
});
