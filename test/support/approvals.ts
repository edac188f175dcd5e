import type { Approval } from '#libs/domain/approvals/approval.ts';

/** An open question with every field filled in, for tests that care about one or two of them. */
export function approval(given: Partial<Approval> = {}): Approval {
  return {
    token: 'a'.repeat(64),
    run_id: 'rule-1:event-1',
    rule_id: 'rule-1',
    rule_name: 'Rule 1',
    action: 0,
    event_id: 'event-1',
    tenant: 'alpha',
    customer_id: 'c-1',
    login: null,
    title: 'Pay 9000?',
    message: null,
    approvers: { roles: ['SESSION_DEALER'], users: ['carol'] },
    required: 1,
    forbidden_users: [],
    state: 'open',
    answers: [],
    reassignments: [],
    asked_at: '2026-01-02T03:04:05.000Z',
    expires_at: null,
    closed_at: null,
    ...given,
  };
}
