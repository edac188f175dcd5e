import { apiKeyOfUser } from '#libs/domain/access/api-key.ts';
import { whyNotEntitled, type Approval, type Person } from '#libs/domain/approvals/approval.ts';
import { encodeActionId } from '#libs/domain/hooks/global-id.ts';
import type { Session } from '../auth/authenticate.ts';
import type { ApprovalView } from './approval.schema.ts';

/** Approvers and administrators see the token. @param person the session under every name of its person */
export function approvalView({ token, ...approval }: Approval, session: Session, person: Person): ApprovalView {
  const may_answer = apiKeyOfUser(session.userId) === null && whyNotEntitled(approval, person) === null;
  const shownToken = may_answer || session.role === 'SESSION_ADMIN' ? token : null;
  return { token: shownToken, ...approval, ...toNumbers(approval), may_answer };
}

function toNumbers({ request_number: requestNumber, action }: Pick<Approval, 'request_number' | 'action'>) {
  if (requestNumber === undefined) return {};
  const number = action + 1;
  return { number, id: encodeActionId({ requestNumber, number }) };
}
