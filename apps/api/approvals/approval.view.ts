import { apiKeyOfUser } from '#libs/domain/access/api-key.ts';
import { whyNotEntitled, type Approval, type Person } from '#libs/domain/approvals/approval.ts';
import type { Session } from '../auth/authenticate.ts';
import type { ApprovalView } from './approval.schema.ts';

/** Approvers and administrators see the token. @param person the session under every name of its person */
export function approvalView({ token, ...approval }: Approval, session: Session, person: Person): ApprovalView {
  const may_answer = apiKeyOfUser(session.userId) === null && whyNotEntitled(approval, person) === null;
  return { token: may_answer || session.role === 'SESSION_ADMIN' ? token : null, ...approval, may_answer };
}
