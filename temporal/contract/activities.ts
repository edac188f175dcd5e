/**
 * The activities of a run. Inputs carry only what the step needs: they end up in Temporal's history.
 * `key` is the idempotency key of the step; every activity may be attempted more than once with the same key.
 * An activity fails with an ApplicationFailure whose `type` is the error's code (see `temporal/activities/failure.ts`).
 */
import type { Reported } from '#libs/domain/runs/action-report.ts';
import type { StatusKind } from '#libs/domain/directory/directory.ts';
import type { Approval } from '#libs/domain/approvals/approval.ts';
import type { RuntimeContext } from '#libs/domain/context/evaluation-context.ts';
import type { LifecycleDraft } from '#libs/domain/runs/lifecycle-event.ts';
import type { RunData } from '#libs/domain/context/run-data.ts';
import type { RuleAction } from '#libs/domain/rules/rule.ts';
import type { ActionOutcome, RunAction, RunPatch } from '#libs/domain/runs/run.ts';
import type { RunNames, RunOutcome, RunSnapshot } from '#libs/domain/runs/run-completion.ts';

/** What every step of a run knows about its run. */
export interface ActionTarget {
  key: string;
  executionId: string;
  /** Brand of the run; null = none. */
  tenant: string | null;
  ruleId: string;
  ruleName: string;
  eventId: string;
  customerId: string | null;
  login: number | null;
  /** Events that led to the run's event, oldest first; left out where there are none, as for most runs. */
  causation?: string[];
}

/** What a step reports into the run record; `detail` is masked and meant for people, `report` says the same by a code. */
export interface ActionResult extends Reported {
  /** Attempts it took; added by `temporal/activities/create-activities.ts`, not by the step itself. */
  attempts?: number;
  /** Why the run ends well after this action, whatever would follow; for its record. */
  stops?: string;
}

/** First detail of the ApplicationFailure of a step. */
export interface FailureDetail {
  /** Attempts made so far. */
  attempts: number;
  /** Of `executeCallBatch`. */
  progress?: CallBatchProgress;
  /**
   * The other side was called, so this is one of the attempts the action has, and the run says when the next one is.
   * Absent: no call was made, since something of our own is away; Temporal repeats the activity until that is over.
   */
  tried?: Tried;
}

/** How one attempt ended that failed. */
export interface Tried {
  /** It may be tried again. */
  again: boolean;
  /** Milliseconds for which the other side wants to be left alone. */
  afterMs?: number;
  /** It was handed over and not answered: it may have been executed. */
  unanswered?: boolean;
}

/** Attempts of an action that failed before this one. */
export interface TriesSoFar {
  made: number;
  /** Of these, how many may have been executed. */
  unanswered: number;
}

export interface NotifyManagerInput extends ActionTarget {
  /** 0 or null: the customer's manager, else every enabled one. */
  managerId: number | null;
  title: string | null;
  message: string | null;
}

export interface SetCustomerStatusInput extends ActionTarget {
  kind: StatusKind;
  status: string | number;
}

export interface SetRiskLevelInput extends ActionTarget {
  riskLevel: string | number;
}

export interface SetCustomerActiveInput extends ActionTarget {
  active: boolean;
}

export interface CreateTaskInput extends ActionTarget {
  type: string;
  title: string | null;
  /** Milliseconds from when the task is made; null = due at any time. */
  dueInMs: number | null;
  /** 0 or null: the customer's manager. */
  assigneeId: number | null;
}

export interface AddNoteInput extends ActionTarget {
  body: string;
}

export interface IncrementCounterInput extends ActionTarget {
  counter: string;
  by: number;
  /** 0 or null: the customer's manager. */
  managerId: number | null;
}

export interface FreezeAccountInput extends ActionTarget {
  reason: string | null;
}

/** Whom a customer is given to. */
export type AssignmentTarget =
  | { to: 'team'; teamId: string }
  | { to: 'agent'; managerId: number }
  | { to: 'desk'; code: string }
  /** Another agent of the team; null: of the customer's. */
  | { to: 'another'; teamId: string | null };

export interface AssignCustomerInput extends ActionTarget {
  target: AssignmentTarget;
}

export interface WebhookSendInput extends ActionTarget {
  /** Empty with a `target`. */
  url: string;
  /**
   * An endpoint of the directory: its address is looked up where it is called, so that no history holds it. Its own body
   * is rendered where `needsContext`. Inputs of earlier versions hold the context here.
   */
  target?: { name: string; brand: string | null; needsContext?: boolean; context?: RuntimeContext | null };
  method: string;
  headers: Record<string, string>;
  body: string | null;
  /** Milliseconds, already clamped to 1000..30000. */
  timeoutMs: number;
}

/** A template of the directory, looked up and rendered where the message is sent. */
export interface TemplateUse {
  code: string;
  brand: string | null;
  /** The customer's. */
  language: string | null;
  context: CarriedContext;
}

/**
 * What a run was decided on, as part of an activity's input. Null: it is too large to stand in a history once for each
 * activity, and is read from the start of the run.
 */
export type CarriedContext = RuntimeContext | null;

export interface SendEmailInput extends ActionTarget {
  to: string;
  /** Subject of the mail; null = the template's. */
  title: string | null;
  /** Plain text; null with a template. */
  body: string | null;
  /** A page of the console, behind the body. Absent: none. */
  link?: string;
  template: TemplateUse | null;
  /** Absent in inputs of earlier versions. */
  tries?: TriesSoFar;
}

/** What of an approval is to be announced, and why. */
export interface AnnouncementInput {
  approval: Approval;
  why: 'asked' | 'reassigned' | 'reminder';
}

export interface SendSmsInput extends ActionTarget {
  to: string;
  body: string | null;
  template: TemplateUse | null;
  /** Absent in inputs of earlier versions. */
  tries?: TriesSoFar;
}

/** What a run has to tell. */
export interface RunUpdate {
  /** Written to the run record first, when given. */
  run: RunPatch | null;
  /** Published after it, in order; with a record, only what the record holds then. */
  events: LifecycleDraft[];
  /** The run goes on after a reset: asks whether it may, since a run that has ended does not. */
  afterReset?: RunNames;
  /** A question that was closed, written into the inbox before all else. */
  approval?: Approval;
}

export interface RecordInput extends RunUpdate {
  executionId: string;
}

export interface RecordResult {
  /** How the run has ended by its record, which may be otherwise than was asked; null while it goes on. */
  outcome: RunOutcome | null;
  /** The number of its next event: for a run that goes on after a reset. */
  nextSequence?: number;
}

/** Actions that are short idempotent writes to our own store. */
export interface StateChangeActivities {
  notifyManager(input: NotifyManagerInput): Promise<ActionResult>;
  setCustomerStatus(input: SetCustomerStatusInput): Promise<ActionResult>;
  setCustomerRiskLevel(input: SetRiskLevelInput): Promise<ActionResult>;
  setCustomerActive(input: SetCustomerActiveInput): Promise<ActionResult>;
  createTask(input: CreateTaskInput): Promise<ActionResult>;
  addNote(input: AddNoteInput): Promise<ActionResult>;
  incrementManagerCounter(input: IncrementCounterInput): Promise<ActionResult>;
  freezeAccount(input: FreezeAccountInput): Promise<ActionResult>;
  assignCustomer(input: AssignCustomerInput): Promise<ActionResult>;
}

/** One effect, ready to be executed. */
export type StateChangeCall = {
  [Name in keyof StateChangeActivities]: { activity: Name; input: Parameters<StateChangeActivities[Name]>[0] };
}[keyof StateChangeActivities];

export interface BatchedAction {
  index: number;
  type: string;
  /** Null: the action is disabled and passed over. */
  call: StateChangeCall | null;
}

/** Consecutive effects of one run, and what the run has to tell before and after them. */
export interface WriteBatchInput {
  executionId: string;
  /** Workflow time; what happens in the batch is dated from it on. */
  at: string;
  /**
   * Written before the effects, when given. None is executed where that fails or takes long, since a person may have
   * cancelled the run meanwhile, or where the run has ended by its record.
   */
  before?: RunUpdate;
  /** Published beside the effects, when given. */
  started: LifecycleDraft | null;
  steps: BatchedAction[];
  /** When given, the batch ends the run: once every step has succeeded, its record and last event are written. */
  end: RunSnapshot | null;
}

export interface WriteBatchResult {
  /** False when `before` is yet to be written. */
  isWritten?: boolean;
  /** One for each step that was tried; only the last of them may have failed. */
  outcomes: ActionOutcome[];
  /** True when the last one failed and may be tried again: by itself, under its own policy. */
  mayBeRetried: boolean;
  /** How long the run took, when the batch has ended it. */
  durationMs: number | null;
  /** How the run has ended, if it has; absent where a build before this one answers. */
  outcome?: RunOutcome | null;
}

/** One call of a run, ready to be made. */
export interface BatchedCall {
  index: number;
  type: string;
  input: WebhookSendInput;
}

/** Consecutive calls of one run, and what the run has to tell before and after them. */
export interface CallBatchInput {
  executionId: string;
  /** Published beside the first call, when given. */
  started: LifecycleDraft | null;
  calls: BatchedCall[];
  /** For bodies of endpoints; absent where no call has one. */
  context?: CarriedContext;
  /** Of the first call. Absent in inputs of earlier versions. */
  tries?: TriesSoFar;
  /** When given, the last call ends the run: its record and last event are written. */
  end: RunSnapshot | null;
}

/** How far they have come: the details of each heartbeat. */
export interface CallBatchProgress {
  /** Of the calls that succeeded, from the first on. */
  outcomes: ActionOutcome[];
  /** WorkflowStarted is durable. */
  told: boolean;
  /** ISO 8601 UTC: the run has ended with the last call. */
  endedAt: string | null;
}

export interface CallBatchResult extends CallBatchProgress {
  /** How long the run took, when its end is written. */
  durationMs: number | null;
  /** How the run has ended, if it has; absent where a build before this one answers. */
  outcome?: RunOutcome | null;
}

export interface SaveRunDataInput {
  /** Of the first run of all, as for `RunDataStore`. */
  runId: string;
  values: RunData;
  key: string;
}

export interface RenderActionsInput {
  /** Of the first run of all. */
  runId: string;
  /** Of all actions of the rule; none where none refers to anything. */
  templates: RuleAction[];
  /** What the run was decided on; null: it is read from the start of the run. */
  context: CarriedContext;
}

/** Actions of a request as they are with its data of now, as far as there are templates, and that data. */
export interface RenderedActions {
  actions: RunAction[];
  data: RunData;
}

/** Short idempotent writes to our own store and topic: run as local activities. */
export interface LocalActivities extends StateChangeActivities {
  /** Never fails because of an effect: that is an outcome. It is tried until all it has to tell is written. */
  executeWriteBatch(input: WriteBatchInput): Promise<WriteBatchResult>;
  /** Nothing comes back from a build before this one. */
  recordRun(input: RecordInput): Promise<RecordResult | void>;
  /** A correlation token: 256 random bits in hexadecimal digits. Drawn again it is another: tell it when it is durable. */
  drawToken(): Promise<string>;
  /** @returns the names under which the customer's enabled manager answers; none when there is no such manager. */
  managerOfCustomer(input: ActionTarget): Promise<{ users: string[] }>;
  /** Writes the question whole. Fails for good where it never can; one that is closed is closed in the inbox even so. */
  saveApproval(approval: Approval): Promise<void>;
  /** Leaves a notification for the managers of the directory who are asked and have not answered. */
  remindApprovers(approval: Approval): Promise<void>;
  /** @returns the mails that tell those who are asked; none where approvals are not announced by mail */
  announcements(input: AnnouncementInput): Promise<SendEmailInput[]>;
  /** Leaves a notification for the managers of the directory who are asked: the run was cancelled. */
  notifyCancelled(approval: Approval): Promise<void>;
  /** Sets data of the request. Fails for good with `invalid_parameter` where there would be too much of it. */
  saveRunData(input: SaveRunDataInput): Promise<void>;
  renderActions(input: RenderActionsInput): Promise<RenderedActions>;
}

/** Calls to other systems: regular activities. */
export interface HttpActivities {
  /**
   * Makes at least the first call that is not made yet, and as many of those after it as are answered at once.
   * Fails with the call that failed; its first detail says what was done before.
   */
  executeCallBatch(input: CallBatchInput): Promise<CallBatchResult>;
  sendSms(input: SendSmsInput): Promise<ActionResult>;
}

/** Regular activities on `mailTaskQueue`. */
export interface MailActivities {
  sendEmail(input: SendEmailInput): Promise<ActionResult>;
}

/** Temporal closed a run that could not say so itself, because it was terminated or ran out of time. */
export interface ReconcileInput {
  /** Looks at runs closed since; ISO 8601 UTC. Null: at all that Temporal still knows. */
  closedSince: string | null;
  /** Where in the open runs of the run log to go on; null: at the oldest. */
  openAfter?: string | null;
}

export interface ReconcileResult {
  /** Where the next look has to begin. */
  closedSince: string;
  openAfter?: string | null;
  /** Runs whose record and last event were written now. */
  closed: number;
  /** Runs that had been decided and never started, and are started now. */
  started?: number;
  /** Runs that could not be looked at, each told in the log. They are looked at again. */
  failed?: number;
  /** Open runs that Temporal does not know and that may have begun: an operator has to look. Each is told in the log. */
  unknown?: number;
  /** Bulk operations that had been stored and never started, and are started now. */
  bulkStarted?: number;
}

export interface DetectionResult {
  /** Events published now. */
  published: number;
}

export interface MaintenanceActivities {
  reconcile(input: ReconcileInput): Promise<ReconcileResult>;
  detectOverdue(): Promise<DetectionResult>;
  detectInactive(): Promise<DetectionResult>;
}
