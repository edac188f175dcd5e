/** `approval.request`: asks people and waits for them, for days if it must. */
import type { ActionReport } from '#libs/domain/runs/action-report.ts';
import { CancellationScope, condition, patched, proxyLocalActivities } from '@temporalio/workflow';
import {
  exceptionTypes,
  type Approval,
  type ApprovalException,
  type ExceptionType,
} from '#libs/domain/approvals/approval.ts';
import { approvalRequest, type ApprovalPath, type ApprovalRequest } from '#libs/domain/approvals/approval-params.ts';
import { messageOf, PermanentError } from '#libs/domain/errors/errors.ts';
import type { SignalboxErrorCode } from '#libs/domain/errors/error-codes.ts';
import type { LocalActivities, ActionResult } from '#temporal/contract/activities.ts';
import { now } from '../run/action-progress.ts';
import { recordOptions } from '../activity-options.ts';
import { announce, announceApproval } from './announce-approval.ts';
import { PendingApproval } from './pending-approval.ts';
import { shown } from './read-params.ts';
import type { Params, ActionContext, RunContext, WaitingHandler } from './action-handler.ts';

const { drawToken, managerOfCustomer, remindApprovers } = proxyLocalActivities<LocalActivities>(recordOptions);

/** Runs that asked before announce nothing by mail. */
const announcePatch = 'announce-approvals';

export const approvalAction: WaitingHandler = {
  kind: 'waiting',
  takesTime: true,
  hint: ({ title }) => shown(title),
  async perform(params, context) {
    const request = readRequest(params);
    const question = new PendingApproval(await buildApproval(request, context));
    const { run } = context;
    try {
      await run.waitForApproval(question);
      // Not awaited: the run goes on with the answer, whatever becomes of the mails.
      const announces = patched(announcePatch);
      if (announces) void CancellationScope.cancellable(() => announceApproval(question)).catch(() => undefined);
      await untilClosed(question, request, announces);
    } catch (error) {
      await CancellationScope.nonCancellable(() => run.cancelApproval(question));
      throw error;
    }
    return toResult(question, request, run);
  },
};

function readRequest(params: Params): ApprovalRequest {
  try {
    return approvalRequest(params);
  } catch (error) {
    throw new PermanentError('invalid_params', `params.${messageOf(error)}`, { cause: error });
  }
}

async function buildApproval(request: ApprovalRequest, { subject, run }: ActionContext): Promise<Approval> {
  const { roles, users, managerOfCustomer: asksManager, title, message, required, forbidInitiator } = request;
  const exceptions = exceptionTypes.filter((type) => request.onException[type] !== null);
  const [{ users: managers }, token] = await Promise.all([
    asksManager ? managerOfCustomer(subject) : { users: [] },
    drawToken(),
  ]);
  if (roles.length + users.length + managers.length === 0) {
    throw new PermanentError(
      'approver_not_found',
      'The customer has no enabled manager, and the rule names no other approver',
    );
  }
  const askedAt = Date.now();
  const { executionId, ruleId, ruleName, eventId, tenant, customerId, login } = subject;
  return {
    token,
    run_id: executionId,
    ...(run.requestNumber !== null && { request_number: run.requestNumber }),
    rule_id: ruleId,
    rule_name: ruleName,
    action: run.currentAction,
    event_id: eventId,
    tenant,
    customer_id: customerId,
    login,
    title,
    message,
    approvers: { roles, users: [...users, ...managers] },
    required,
    forbidden_users: forbidInitiator ? run.initiators : [],
    state: 'open',
    answers: [],
    reassignments: [],
    ...(exceptions.length > 0 && { exceptions }),
    asked_at: new Date(askedAt).toISOString(),
    expires_at: request.expiresInMs === null ? null : new Date(askedAt + request.expiresInMs).toISOString(),
    closed_at: null,
  };
}

/** Reminds in time, and closes the question when its time is over. */
async function untilClosed(
  question: PendingApproval,
  { remindBeforeMs }: ApprovalRequest,
  announces: boolean,
): Promise<void> {
  let isReminded = remindBeforeMs === null;
  while (question.isOpen) {
    const expiry = question.approval.expires_at === null ? null : Date.parse(question.approval.expires_at);
    if (expiry !== null && Date.now() >= expiry) return question.close('expired', now());
    const wakeAt = expiry === null ? null : isReminded ? expiry : expiry - (remindBeforeMs ?? 0);
    const isClosed = (): boolean => !question.isOpen;
    if (wakeAt === null) await condition(isClosed);
    else await condition(isClosed, Math.max(1, wakeAt - Date.now()));
    if (!isReminded && question.isOpen && wakeAt !== null && Date.now() >= wakeAt) {
      isReminded = true;
      await remindApprovers(question.approval);
      if (announces) void announce(question, 'reminder');
    }
  }
}

async function toResult(question: PendingApproval, request: ApprovalRequest, run: RunContext): Promise<ActionResult> {
  const { state, answers, required, expires_at, exception } = question.approval;
  if (exception !== undefined) {
    await run.resumeAfter(exception.by);
    return toExceptionEnd(request.onException[exception.type] ?? 'fail', exception);
  }
  const last = answers.at(-1);
  const said = answers.map(({ by, comment }) => (comment === null ? by : `${by} ("${comment}")`)).join(', ');
  if (state === 'approved') {
    await run.resumeAfter(last?.by ?? 'system');
    return {
      detail: `approved by ${said}${required > 1 ? ` (${required} of ${required})` : ''}`,
      report: { code: 'approved', params: { by: said, count: required } },
    };
  }
  if (state === 'cancelled') await run.closeApproval();
  const rejected = state === 'rejected';
  const path = rejected ? request.onReject : request.onExpire;
  const detail = rejected ? `rejected by ${said}` : `no approver answered until ${expires_at ?? ''}`;
  // A run that fails for want of an answer is not resumed.
  if (rejected || path !== 'fail') await run.resumeAfter(last !== undefined && rejected ? last.by : 'system');
  else await run.closeApproval();
  const report: ActionReport = rejected
    ? { code: 'approval_rejected', params: { by: said } }
    : { code: 'approval_expired', params: { due: expires_at } };
  return toEnd(path, rejected, { detail, report });
}

interface End {
  detail: string;
  report: ActionReport;
}

function toEnd(path: ApprovalPath, rejected: boolean, { detail, report }: End): ActionResult {
  if (path !== 'fail') return goesOn(path, { detail, report }, rejected ? 'rejected' : 'expired');
  throw new PermanentError(rejected ? 'Rejected' : 'PauseExpired', `The approval was not given: ${detail}`);
}

function toExceptionEnd(path: ApprovalPath, { type, by, message, source }: ApprovalException): ActionResult {
  const [what, stops, code] = exceptions[type];
  const said = `${what} by ${by}${message === null ? '' : `: ${message}`}${source === null ? '' : ` (${source})`}`;
  const report: ActionReport = {
    code: type === 'CANCEL' ? 'cancelled' : 'ended_with_error',
    params: { by, message, source },
  };
  if (path !== 'fail') return goesOn(path, { detail: said, report }, stops);
  throw new PermanentError(code, `The action was ${said}`);
}

function goesOn(path: 'continue' | 'stop', { detail, report: { code, params } }: End, stops: string): ActionResult {
  const report = { code, params: { ...params, path } };
  if (path === 'continue') return { detail: `${detail}; the run goes on`, report };
  return { detail: `${detail}; the run stops here`, report, stops };
}

/** As people read it, as the run log has it as the reason of its end, and as it has it as an error. */
const exceptions: Record<ExceptionType, [what: string, stops: string, code: SignalboxErrorCode]> = {
  CANCEL: ['cancelled', 'action_cancelled', 'ActionCancelled'],
  ERROR: ['ended with an error', 'action_error', 'ActionError'],
};
