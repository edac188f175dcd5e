/** What the code does not say of each operation: its name, what it is for, an answer, and its own errors. */
import type { ErrorCode } from '../http/error-catalog.ts';
import * as example from './examples.ts';

export interface Operation {
  /** `operationId`. */
  name: string;
  tag: 'Rules' | 'Before and after' | 'Runs' | 'Approvals' | 'Registry' | 'Access';
  summary: string;
  /** The `data` of a successful answer. */
  data: Record<string, unknown>;
  body?: Record<string, unknown>;
  /** Beside those that every operation has. */
  errors?: ErrorCode[];
  headers?: ('If-Match' | 'Idempotency-Key')[];
}

const { rule, version, run, approval, explanation } = example;
const read: ErrorCode[] = ['invalid_rule', 'too_costly'];
const written: ErrorCode[] = [...read, 'version_conflict', 'rule_archived', 'change_too_large', 'rules_busy'];
const changed: ErrorCode[] = [...written, 'rule_not_found', 'four_eyes_required', 'invalid_header'];
const controlled: ErrorCode[] = [
  'run_not_found',
  'run_conflict',
  'temporal_unavailable',
  'outcome_unknown',
  'invalid_header',
];
const answered: ErrorCode[] = [
  'approval_not_found',
  'approval_conflict',
  'approval_expired',
  'not_entitled',
  'temporal_unavailable',
  'outcome_unknown',
  'invalid_header',
];
const page = { next_cursor: null };

/** By method and path as Nest knows them. */
export const operations: Readonly<Record<string, Operation>> = {
  'POST /api/workflow/rules': {
    name: 'MngAddWorkflowRule',
    tag: 'Rules',
    summary: 'Create a rule',
    body: { rule: example.definition },
    data: { rule, warnings: [] },
    errors: [...written, 'four_eyes_required', 'idempotency_key_reused', 'invalid_header'],
    headers: ['Idempotency-Key'],
  },
  'PUT /api/workflow/rules/:id': {
    name: 'MngUpdateWorkflowRule',
    tag: 'Rules',
    summary: 'Replace what a rule says, on the version that was read (`version` or If-Match)',
    body: { rule: example.definition, version: 1 },
    data: { rule: { ...rule, version: 2 }, warnings: [] },
    errors: changed,
    headers: ['If-Match'],
  },
  'POST /api/workflow/rules/:id/status': {
    name: 'MngSetWorkflowRuleStatus',
    tag: 'Rules',
    summary: 'Activate a rule, put it in shadow or out of use',
    body: { status: 'active', version: 1 },
    data: { rule: { ...rule, version: 2 } },
    errors: changed,
    headers: ['If-Match'],
  },
  'POST /api/workflow/rules/:id/rollback': {
    name: 'MngRollBackWorkflowRule',
    tag: 'Rules',
    summary: 'Make a new version that says what an earlier one said; the status stays',
    body: { to: 1, version: 2 },
    data: { rule: { ...rule, version: 3 }, warnings: [] },
    errors: [...changed, 'version_not_found'],
    headers: ['If-Match'],
  },
  'POST /api/workflow/rules/:id/archive': {
    name: 'MngArchiveWorkflowRule',
    tag: 'Rules',
    summary: 'Archive a rule: it stays readable and never runs again. Runs under way go on',
    data: { rule: { ...rule, version: 2, status: 'archived', archived_at: example.time } },
    errors: ['rule_not_found', 'version_conflict', 'invalid_header', 'rules_busy'],
    headers: ['If-Match'],
  },
  'DELETE /api/workflow/rules/:id': {
    name: 'MngDeleteWorkflowRule',
    tag: 'Rules',
    summary: 'Delete a rule. Its versions, and its runs in the log, are kept; runs under way go on',
    data: { id: rule.id, deleted: true },
    errors: ['rule_not_found', 'version_conflict', 'invalid_header', 'rules_busy'],
    headers: ['If-Match'],
  },
  'GET /api/workflow/rules': {
    name: 'MngGetWorkflowRules',
    tag: 'Rules',
    summary: 'List rules in the order in which they run',
    data: { rules: [rule], ...page },
  },
  'GET /api/workflow/rules/:id': {
    name: 'MngGetWorkflowRule',
    tag: 'Rules',
    summary: 'Read a rule; its ETag is its version',
    data: { rule },
    errors: ['rule_not_found'],
  },
  'GET /api/workflow/rules/:id/versions': {
    name: 'MngGetWorkflowRuleVersions',
    tag: 'Rules',
    summary: 'List who changed what of a rule, newest first; also of one that was deleted',
    data: { versions: [version], ...page },
    errors: ['rule_not_found'],
  },
  'GET /api/workflow/rules/:id/versions/:version': {
    name: 'MngGetWorkflowRuleVersion',
    tag: 'Rules',
    summary: 'Read a rule as it was saved, and what that changed',
    data: { rule, changes: version.changes },
    errors: ['rule_not_found', 'version_not_found'],
  },
  'POST /api/workflow/rules/validate': {
    name: 'MngValidateWorkflowRule',
    tag: 'Rules',
    summary: 'Check a rule without storing it; 200 whatever it is like',
    body: { rule: example.definition },
    data: { valid: true, errors: [], warnings: [] },
    errors: ['too_costly'],
  },
  'POST /api/workflow/what-if': {
    name: 'MngAskWorkflowWhatIf',
    tag: 'Before and after',
    summary: 'Ask what the rules, and one that is not stored, would do about an event; nothing is done',
    body: { event: example.event, rule: example.definition },
    data: {
      event: { id: 'crm.events/0/0', trigger: 'customer.deposited', occurred_at: example.time },
      brand: 'alpha',
      login: null,
      customer_id: 'c-1',
      rules: [explanation],
      notes: ['The guards re_enroll and limit are not asked; the directory is read as it is now.'],
    },
    errors: ['invalid_event', ...read],
  },
  'GET /api/workflow/events/:eventId/explanation': {
    name: 'MngExplainWorkflowEvent',
    tag: 'Before and after',
    summary: 'Ask why each rule did or did not run for an event, by the rules of then',
    data: {
      event_id: 'dep-1',
      trigger: 'customer.deposited',
      brand: 'alpha',
      at: example.time,
      outcome: 'matched',
      rules: [{ ...explanation, run: { run_id: run.run_id, status: 'running', reason: null } }],
      truncated: false,
    },
    errors: ['event_not_kept', 'too_costly'],
  },
  'POST /api/workflow/rules/:id/impact': {
    name: 'MngAskWorkflowRuleImpact',
    tag: 'Before and after',
    summary: 'Ask what activating a rule, or a draft of it, would mean; with `days`, a backtest is started, too',
    body: { rule: example.definition, days: 7 },
    data: {
      impact: {
        changes: version.changes,
        warnings: [],
        runs: { running: 1, paused: 0, held: 0 },
        backtest: { ...example.backtest, status: 'running', finished_at: null, result: null },
      },
    },
    errors: ['rule_not_found', ...read, 'temporal_unavailable'],
  },
  'POST /api/workflow/backtests': {
    name: 'MngStartWorkflowBacktest',
    tag: 'Before and after',
    summary: 'Hold a rule against the recorded events of the last days; nothing is done',
    body: { rule: example.definition, days: 7 },
    data: { backtest: { ...example.backtest, status: 'running', finished_at: null, result: null } },
    errors: [...read, 'idempotency_key_reused', 'invalid_header', 'too_large', 'temporal_unavailable'],
    headers: ['Idempotency-Key'],
  },
  'GET /api/workflow/backtests/:id': {
    name: 'MngGetWorkflowBacktest',
    tag: 'Before and after',
    summary: 'Ask how far a backtest is, and what it found',
    data: { backtest: example.backtest },
    errors: ['backtest_not_found', 'temporal_unavailable'],
  },
  'DELETE /api/workflow/backtests/:id': {
    name: 'MngCancelWorkflowBacktest',
    tag: 'Before and after',
    summary: 'Cancel a backtest',
    data: { id: example.backtest.id, cancelled: true },
    errors: ['backtest_not_found', 'temporal_unavailable'],
  },
  'GET /api/workflow/registry': {
    name: 'MngGetWorkflowRegistry',
    tag: 'Registry',
    summary: 'Triggers, fields, operators and actions that rules may consist of',
    data: example.registry,
  },
  'GET /api/workflow/runs': {
    name: 'MngGetWorkflowRunLog',
    tag: 'Runs',
    summary: 'List runs, newest first',
    data: { runs: [run], ...page },
  },
  'GET /api/workflow/runs/:id': {
    name: 'MngGetWorkflowRun',
    tag: 'Runs',
    summary: 'Read a run and its actions; of one under way, as the run itself tells now (`live`)',
    data: { run: { ...run, live: false } },
    errors: ['run_not_found'],
  },
  'POST /api/workflow/runs/:id/pause': {
    name: 'MngPauseWorkflowRun',
    tag: 'Runs',
    summary: 'Pause a run before its next action',
    body: { reason: 'looking into it' },
    data: { run_id: run.run_id },
    errors: controlled,
    headers: ['Idempotency-Key'],
  },
  'POST /api/workflow/runs/:id/resume': {
    name: 'MngResumeWorkflowRun',
    tag: 'Runs',
    summary: 'Let a run go on that an operator has paused',
    body: {},
    data: { run_id: run.run_id },
    errors: controlled,
    headers: ['Idempotency-Key'],
  },
  'POST /api/workflow/runs/:id/cancel': {
    name: 'MngCancelWorkflowRun',
    tag: 'Runs',
    summary: 'End a run after the action that is under way; it fails with `Cancelled`',
    body: { reason: 'wrong customer' },
    data: { run_id: run.run_id },
    errors: controlled,
    headers: ['Idempotency-Key'],
  },
  'POST /api/workflow/runs/:id/retry': {
    name: 'MngRetryWorkflowRun',
    tag: 'Runs',
    summary: 'Go on with a failed run at the action that failed, as a run of its own, which the answer names',
    body: {},
    data: { run_id: `retry-1/${run.run_id}` },
    errors: controlled,
    headers: ['Idempotency-Key'],
  },
  'POST /api/workflow/runs/:id/release': {
    name: 'MngReleaseWorkflowRun',
    tag: 'Runs',
    summary: 'Start a run that the limit of its rule holds',
    data: { outcome: 'released' },
    errors: ['run_not_found', 'run_not_held', 'start_refused', 'temporal_unavailable', 'outcome_unknown'],
  },
  'POST /api/workflow/runs/:id/discard': {
    name: 'MngDiscardWorkflowRun',
    tag: 'Runs',
    summary: 'Give up a run that the limit of its rule holds',
    data: { outcome: 'discarded' },
    errors: ['run_not_found', 'run_not_held'],
  },
  'POST /api/workflow/rules/:id/held/release': {
    name: 'MngReleaseWorkflowRuns',
    tag: 'Runs',
    summary: 'Start all runs that the limit of a rule holds',
    data: { released: 12, refused: 0 },
    errors: ['rule_not_found', 'temporal_unavailable', 'outcome_unknown'],
  },
  'POST /api/workflow/rules/:id/held/discard': {
    name: 'MngDiscardWorkflowRuns',
    tag: 'Runs',
    summary: 'Give up all runs that the limit of a rule holds',
    data: { discarded: 12 },
    errors: ['rule_not_found'],
  },
  'GET /api/workflow/approvals': {
    name: 'MngGetWorkflowApprovals',
    tag: 'Approvals',
    summary: 'List questions to people, newest first',
    data: { approvals: [approval], ...page },
  },
  'GET /api/workflow/approvals/:token': {
    name: 'MngGetWorkflowApproval',
    tag: 'Approvals',
    summary: 'Read a question',
    data: { approval },
    errors: ['approval_not_found'],
  },
  'POST /api/workflow/approvals/:token': {
    name: 'MngAnswerWorkflowApproval',
    tag: 'Approvals',
    summary: 'Approve or reject',
    body: { decision: 'approve', comment: 'called the customer' },
    data: { answer: example.answer },
    errors: answered,
    headers: ['Idempotency-Key'],
  },
  'POST /api/workflow/approvals/:token/reassign': {
    name: 'MngReassignWorkflowApproval',
    tag: 'Approvals',
    summary: 'Ask others instead',
    body: { approvers: { users: ['dave'] }, reason: 'carol is away' },
    data: { approval },
    errors: answered,
    headers: ['Idempotency-Key'],
  },
  'POST /api/workflow/executions/:executionId/resume': {
    name: 'MngResumeWorkflowExecution',
    tag: 'Approvals',
    summary: 'Approve or reject, for those who read WorkflowPaused',
    body: { correlationToken: example.token, decision: 'approve' },
    data: { answer: example.answer },
    errors: ['run_not_found', ...answered],
    headers: ['Idempotency-Key'],
  },
  'POST /api/workflow/api-keys': {
    name: 'MngAddWorkflowApiKey',
    tag: 'Access',
    summary: 'Make a key for a machine; the answer is the only place that shows it',
    body: { name: 'nightly import', role: 'SESSION_ADMIN', brands: ['alpha'] },
    data: { api_key: example.apiKey, key: `sbk_${example.apiKey.api_key_id}_…` },
    errors: ['api_key_made', 'invalid_header'],
    headers: ['Idempotency-Key'],
  },
  'GET /api/workflow/api-keys': {
    name: 'MngGetWorkflowApiKeys',
    tag: 'Access',
    summary: 'List keys, newest first, also those that were revoked; never the keys themselves',
    data: { api_keys: [example.apiKey], ...page },
  },
  'DELETE /api/workflow/api-keys/:id': {
    name: 'MngRevokeWorkflowApiKey',
    tag: 'Access',
    summary: 'Revoke a key: it is refused from the next request on',
    data: { api_key: { ...example.apiKey, revoked_at: example.time, revoked_by: 'alice' } },
    errors: ['api_key_not_found'],
  },
  'GET /api/workflow/audit': {
    name: 'MngGetWorkflowAuditLog',
    tag: 'Access',
    summary: 'List who changed what, newest first',
    data: { entries: [example.auditEntry], ...page },
  },
};
