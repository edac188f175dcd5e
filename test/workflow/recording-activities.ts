/** Activities and sinks that note what they were asked: for tests about the workflow alone. */
import { randomBytes } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { InjectedSinks } from '@temporalio/worker';
import type { Approval } from '#libs/domain/approvals/approval.ts';
import { writeBatchActivity } from '#temporal/activities/run/write-batch.activity.ts';
import type { RunData, RunDataStore } from '#libs/domain/context/run-data.ts';
import type { KeptOutcome } from '#libs/domain/runs/call-outcome.ts';
import { attemptLines } from '#temporal/activities/outbound/attempt-line.ts';
import { callBatchActivity, type CallBatchPorts } from '#temporal/activities/run/call-batch.activity.ts';
import { renderActionsActivity, saveRunDataActivity } from '#temporal/activities/run/run-data.activities.ts';
import { runContextReader } from '#temporal/activities/run/run-context.ts';
import { SignalboxError } from '#libs/domain/errors/errors.ts';
import { withFailureMapping } from '#temporal/activities/failure.ts';
import { messageActivity, type MessageInput } from '#temporal/activities/outbound/message-step.ts';
import { TriedError } from '#temporal/activities/outbound/tried.ts';
import type {
  StateChangeActivities,
  HttpActivities,
  LocalActivities,
  MailActivities,
  RecordInput,
  SaveRunDataInput,
  RenderActionsInput,
  ActionResult,
  ActionTarget,
} from '#temporal/contract/activities.ts';
import type { ActionReport, RunReport, RunSinks } from '#temporal/contract/sinks.ts';

export type ActionActivity = keyof StateChangeActivities | 'webhookSend' | 'sendSms' | keyof MailActivities;

/** What one action does in a test, given its attempt from 1 on; the default is to succeed at once. */
export type Behaviour = (attempt: number) => Promise<void> | void;

export interface Call {
  activity: ActionActivity;
  input: ActionTarget;
  attempt: number;
}

export class Recording {
  /** Every attempt of every action, in the order in which they began. */
  readonly calls: Call[] = [];
  /** Every call of `record`, when it began. */
  readonly records: RecordInput[] = [];
  /** Every question as it was written into the inbox, in that order. */
  readonly approvals: Approval[] = [];
  /** Names of the customer's manager. */
  managers: string[] = [];
  readonly reminders: Approval[] = [];
  /** Addresses that approvals are announced to. */
  mailTo: string[] = [];
  /** Why approvals were announced, and to which users. */
  readonly announced: string[] = [];
  /** Questions whose run was cancelled, and those who are asked are told. */
  readonly cancellations: Approval[] = [];
  /** What was saved of the data of requests, every attempt. */
  readonly saves: SaveRunDataInput[] = [];
  /** Data of requests as it was changed, by first run. */
  readonly changes = new Map<string, RunData>();
  readonly actionReports: ActionReport[] = [];
  readonly runReports: RunReport[] = [];
  /** Answered calls of which Temporal could not be told. */
  readonly outcomes = new Map<string, KeptOutcome>();
  /** Of the server that the runs are on; given by who starts them. */
  client: Client | undefined;
  readonly #behaviour: Partial<Record<ActionActivity | 'saveRunData', Behaviour>>;
  readonly #inbox: (approval: Approval) => Promise<void>;

  /** @param inbox what writing into the inbox does before it succeeds */
  constructor(
    behaviour: Partial<Record<ActionActivity | 'saveRunData', Behaviour>> = {},
    inbox: (approval: Approval) => Promise<void> = () => Promise.resolve(),
  ) {
    this.#behaviour = behaviour;
    this.#inbox = inbox;
  }

  readonly activities: LocalActivities & HttpActivities = {
    notifyManager: (input) => this.#call('notifyManager', input),
    setCustomerStatus: (input) => this.#call('setCustomerStatus', input),
    setCustomerRiskLevel: (input) => this.#call('setCustomerRiskLevel', input),
    setCustomerActive: (input) => this.#call('setCustomerActive', input),
    createTask: (input) => this.#call('createTask', input),
    addNote: (input) => this.#call('addNote', input),
    incrementManagerCounter: (input) => this.#call('incrementManagerCounter', input),
    freezeAccount: (input) => this.#call('freezeAccount', input),
    assignCustomer: (input) => this.#call('assignCustomer', input),
    executeCallBatch: (input) =>
      callBatchActivity({
        webhookSend: (call) => this.#webhook(call),
        record: (told) => this.activities.recordRun(told),
        records: { get: () => Promise.resolve(null) },
        ...this.ports,
        callsTogetherMs: 250,
      })(input),
    sendSms: (input) => this.#message('sendSms', input),
    // Which effects go together is for the workflow to say; how is the real one's business.
    executeWriteBatch: (input) =>
      writeBatchActivity({
        effects: this.activities,
        record: (told) => this.activities.recordRun(told),
        runs: { ending: () => Promise.resolve(null) },
      })(input),
    recordRun: withFailureMapping(async (input: RecordInput) => {
      if (input.approval !== undefined) await this.#put(input.approval);
      this.records.push(input);
    }),
    saveApproval: withFailureMapping((approval: Approval) => this.#put(approval)),
    drawToken: () => Promise.resolve(randomBytes(32).toString('hex')),
    managerOfCustomer: () => Promise.resolve({ users: this.managers }),
    remindApprovers: (approval) => {
      this.reminders.push(approval);
      return Promise.resolve();
    },
    announcements: ({ approval, why }) => {
      this.announced.push(`${why} ${approval.approvers.users.join()}`);
      const target = { executionId: approval.run_id, tenant: null, ruleId: 'r', ruleName: 'r', eventId: 'e' };
      const mail = { ...target, customerId: null, login: null, title: why, body: why, template: null };
      return Promise.resolve(this.mailTo.map((to) => ({ ...mail, key: `${why} ${to}`, to })));
    },
    notifyCancelled: (approval) => {
      this.cancellations.push(approval);
      return Promise.resolve();
    },
    saveRunData: withFailureMapping(async (input: SaveRunDataInput) => {
      await this.#behaviour.saveRunData?.(this.saves.filter(({ key }) => key === input.key).length + 1);
      this.saves.push(input);
      await saveRunDataActivity({ runData: this.#runData })(input);
    }),
    renderActions: withFailureMapping((input: RenderActionsInput) =>
      renderActionsActivity({ runData: this.#runData, runContext: this.ports.runContext })(input),
    ),
  };

  readonly #runData: RunDataStore = {
    changes: (runId) => Promise.resolve(this.changes.get(runId) ?? {}),
    save: (runId, values) => {
      this.changes.set(runId, { ...this.changes.get(runId), ...values });
      return Promise.resolve();
    },
  };

  async #put(approval: Approval): Promise<void> {
    await this.#inbox(approval);
    this.approvals.push(approval);
  }

  /** What calls and messages need of Temporal and the store. */
  get ports(): Pick<CallBatchPorts, 'callOutcomes' | 'attemptLine' | 'runContext'> & { maxUnanswered: number } {
    const { client, outcomes } = this;
    if (client === undefined) throw new Error('the recording belongs to no server yet');
    return {
      attemptLine: attemptLines(client),
      runContext: runContextReader(client, this.#runData),
      maxUnanswered: 2,
      callOutcomes: {
        put: (kept) => {
          for (const outcome of kept) if (!outcomes.has(outcome.key)) outcomes.set(outcome.key, outcome);
          return Promise.resolve();
        },
        get: (keys) => Promise.resolve(keys.flatMap((key) => outcomes.get(key) ?? [])),
      },
    };
  }

  readonly mailActivities: MailActivities = { sendEmail: (input) => this.#message('sendEmail', input) };

  readonly sinks: InjectedSinks<RunSinks> = {
    outcomes: {
      action: { fn: (_info, report) => void this.actionReports.push(report) },
      run: { fn: (_info, report) => void this.runReports.push(report) },
    },
  };

  /** As `webhookSend` does: what a behaviour throws, the other side has said. */
  async #webhook(input: ActionTarget): Promise<ActionResult> {
    try {
      return await this.#call('webhookSend', input);
    } catch (error) {
      throw error instanceof SignalboxError ? new TriedError(error) : error;
    }
  }

  #message(activity: 'sendSms' | 'sendEmail', input: MessageInput): Promise<never> {
    return withFailureMapping(messageActivity(() => Promise.resolve(() => this.#call(activity, input)), this.ports))(
      input,
    );
  }

  async #call(activity: ActionActivity, input: ActionTarget): Promise<{ detail: string; attempts: number }> {
    const attempt = this.calls.filter(({ input: { key } }) => key === input.key).length + 1;
    this.calls.push({ activity, input, attempt });
    await this.#behaviour[activity]?.(attempt);
    return { detail: `${activity} done`, attempts: attempt };
  }
}
