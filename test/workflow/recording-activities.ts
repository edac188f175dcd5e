/** Activities and sinks that note what they were asked: for tests about the workflow alone. */
import { randomBytes } from 'node:crypto';
import type { InjectedSinks } from '@temporalio/worker';
import type { Approval } from '#libs/domain/approval.ts';
import { carryOutStretchActivity } from '#temporal/activities/carry-out-stretch.activity.ts';
import { withFailureMapping } from '#temporal/activities/failure.ts';
import { makeCallsActivity } from '#temporal/activities/make-calls.activity.ts';
import type {
  EffectActivities,
  HttpActivities,
  LocalActivities,
  MailActivities,
  PeopleActivities,
  RecordInput,
  StepSubject,
} from '#temporal/contract/activities.ts';
import type { ActionReport, RunReport, RunSinks } from '#temporal/contract/sinks.ts';

export type ActionActivity = keyof EffectActivities | 'webhookSend' | 'sendSms' | keyof MailActivities;

/** What one action does in a test, given its attempt from 1 on; the default is to succeed at once. */
export type Behaviour = (attempt: number) => Promise<void> | void;

export interface Call {
  activity: ActionActivity;
  input: StepSubject;
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
  readonly actionReports: ActionReport[] = [];
  readonly runReports: RunReport[] = [];
  readonly #behaviour: Partial<Record<ActionActivity, Behaviour>>;
  readonly #inbox: (approval: Approval) => Promise<void>;

  /** @param inbox what writing into the inbox does before it succeeds */
  constructor(
    behaviour: Partial<Record<ActionActivity, Behaviour>> = {},
    inbox: (approval: Approval) => Promise<void> = () => Promise.resolve(),
  ) {
    this.#behaviour = behaviour;
    this.#inbox = inbox;
  }

  readonly activities: LocalActivities & HttpActivities & PeopleActivities = {
    notifyManager: (input) => this.#call('notifyManager', input),
    setCustomerStatus: (input) => this.#call('setCustomerStatus', input),
    setCustomerRiskLevel: (input) => this.#call('setCustomerRiskLevel', input),
    setCustomerActive: (input) => this.#call('setCustomerActive', input),
    createTask: (input) => this.#call('createTask', input),
    addNote: (input) => this.#call('addNote', input),
    incrementManagerCounter: (input) => this.#call('incrementManagerCounter', input),
    freezeAccount: (input) => this.#call('freezeAccount', input),
    assignCustomer: (input) => this.#call('assignCustomer', input),
    makeCalls: (input) =>
      makeCallsActivity({
        webhookSend: (call) => this.#call('webhookSend', call),
        record: (told) => this.activities.record(told),
        records: { get: () => Promise.resolve(null) },
        callsTogetherMs: 250,
      })(input),
    sendSms: (input) => this.#call('sendSms', input),
    // Which effects go together is for the workflow to say; how is the real one's business.
    carryOutStretch: (input) =>
      carryOutStretchActivity({
        effects: this.activities,
        record: (told) => this.activities.record(told),
        runs: { ending: () => Promise.resolve(null) },
      })(input),
    record: (input) => {
      this.records.push(input);
      return Promise.resolve();
    },
    putApproval: withFailureMapping(async (approval: Approval) => {
      await this.#inbox(approval);
      this.approvals.push(approval);
    }),
    drawToken: () => Promise.resolve(randomBytes(32).toString('hex')),
    managerOfCustomer: () => Promise.resolve({ users: this.managers }),
    remindApprovers: (approval) => {
      this.reminders.push(approval);
      return Promise.resolve();
    },
  };

  readonly mailActivities: MailActivities = { sendEmail: (input) => this.#call('sendEmail', input) };

  readonly sinks: InjectedSinks<RunSinks> = {
    outcomes: {
      action: { fn: (_info, report) => void this.actionReports.push(report) },
      run: { fn: (_info, report) => void this.runReports.push(report) },
    },
  };

  async #call(activity: ActionActivity, input: StepSubject): Promise<{ detail: string; attempts: number }> {
    const attempt = this.calls.filter(({ input: { key } }) => key === input.key).length + 1;
    this.calls.push({ activity, input, attempt });
    await this.#behaviour[activity]?.(attempt);
    return { detail: `${activity} done`, attempts: attempt };
  }
}
