import { apiKeyOfUser } from '#libs/domain/access/api-key.ts';
import { whyNotEntitled, type Approval, type Person } from '#libs/domain/approvals/approval.ts';
import type { Session } from '../auth/authenticate.ts';

/** An approval as callers see it. */
export type ApprovalView = Omit<Approval, 'token'> & {
  /** Null for those who can do nothing with it: who neither may answer nor put somebody else in charge. */
  token: string | null;
  /** Whether the caller is among those who may answer; that it is open is another matter. */
  may_answer: boolean;
};

/** @param person the session under every name of its person */
export function approvalView({ token, ...approval }: Approval, session: Session, person: Person): ApprovalView {
  const may_answer = apiKeyOfUser(session.userId) === null && whyNotEntitled(approval, person) === null;
  return { token: may_answer || session.role === 'SESSION_ADMIN' ? token : null, ...approval, may_answer };
}
