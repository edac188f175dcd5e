import { expect, it } from 'vitest';
import type { Approval } from '#libs/domain/approvals/approval.ts';
import type { Manager } from '#libs/domain/directory/directory.ts';
import { approval } from '../../../test/support/approvals.ts';
import { notifyCancelledActivity, remindApproversActivity, type ApproverPorts } from './approvers.activity.ts';

const managers: Manager[] = [
  { id: 1, name: 'Ada', email: 'ada@acme.example', enabled: true },
  { id: 2, name: 'Bo', enabled: true, brands: ['acme'], roles: ['SESSION_DEALER'] },
  { id: 3, name: 'Cy', enabled: true, brands: ['other'] },
  { id: 4, name: 'Di', enabled: true, brands: ['acme'], roles: ['SESSION_MANAGER'] },
];

async function reminded(
  given: Partial<Approval>,
  activity: (ports: ApproverPorts) => (approval: Approval) => Promise<void> = remindApproversActivity,
): Promise<number[]> {
  const told: number[] = [];
  const remind = activity({
    directory: {
      customer: () => Promise.resolve(null),
      manager: () => Promise.resolve(null),
      enabledManagers: () => Promise.resolve(managers),
    },
    notifications: { add: (added) => Promise.resolve(void told.push(...added.map(({ manager_id }) => manager_id))) },
  });
  await remind(approval({ tenant: 'acme', ...given }));
  return told;
}

it('reminds those who are asked by name, and no manager of another brand', async () => {
  const approvers = { roles: [], users: ['ADA@acme.example', '3', '2'] };
  expect(await reminded({ approvers })).toEqual([1, 2]);
});

it('reminds those who may have the role that is asked', async () => {
  expect(await reminded({ approvers: { roles: ['SESSION_DEALER'], users: [] } })).toEqual([1, 2]);
});

it('reminds no manager who has answered or may not answer, under any of their names', async () => {
  const approvers = { roles: [], users: ['1', 'ada@acme.example', '2', '4'] };
  const answers: Approval['answers'] = [
    { by: '1', person: '1', decision: 'approve', comment: null, data: null, at: '2026-01-05T10:00:00.000Z' },
  ];
  expect(await reminded({ approvers, answers, forbidden_users: ['4'] })).toEqual([2]);
});

it('R-247 tells all managers who are asked that the run was cancelled, also one who has answered', async () => {
  const approvers = { roles: [], users: ['1', '2', '3', '4'] };
  const answers: Approval['answers'] = [
    { by: '1', person: '1', decision: 'approve', comment: null, data: null, at: '2026-01-05T10:00:00.000Z' },
  ];
  const asked = { approvers, answers, forbidden_users: ['4'] };
  expect(await reminded(asked, notifyCancelledActivity)).toEqual([1, 2]);
});
