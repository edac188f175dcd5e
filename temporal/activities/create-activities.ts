/**
 * Puts the activities together. Each of them fails in the one way the workflow understands, and
 * says how many attempts it took.
 */
import { randomBytes } from 'node:crypto';
import { activityInfo, heartbeat, log } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { ActivityReader } from '#libs/domain/events/customer-activity.ts';
import { announcementsActivity } from './approvals/announcements.activity.ts';
import type { AgentRotation, AssignmentStore } from '#libs/domain/crm/assignment.ts';
import type { CallOutcomes } from '#libs/domain/runs/call-outcome.ts';
import type { DirectoryActions } from '#libs/domain/directory/directory.ts';
import type { CounterStore } from '#libs/domain/crm/manager-counter.ts';
import type { NoteStore } from '#libs/domain/crm/note.ts';
import type { NotificationStore } from '#libs/domain/crm/notification.ts';
import type { OverdueTasks, TaskStore } from '#libs/domain/crm/task.ts';
import type {
  StateChangeActivities,
  HttpActivities,
  LocalActivities,
  MailActivities,
  MaintenanceActivities,
  RecordInput,
  RecordResult,
  ActionResult,
  ActionTarget,
} from '#temporal/contract/activities.ts';
import type { BacktestActivities } from '#temporal/contract/backtest.ts';
import { addNoteActivity } from './crm/add-note.activity.ts';
import {
  managerOfCustomerActivity,
  notifyCancelledActivity,
  remindApproversActivity,
} from './approvals/approvers.activity.ts';
import { assignCustomerActivity } from './crm/assign-customer.activity.ts';
import { backtestActivity, type BacktestActivityPorts } from './scheduled/backtest.activity.ts';
import { writeBatchActivity } from './run/write-batch.activity.ts';
import { closedRuns, readRetention, readRunState } from './scheduled/closed-runs.ts';
import { createTaskActivity } from './crm/create-task.activity.ts';
import { detectInactiveActivity, type DetectInactivePorts } from './scheduled/detect-inactive.activity.ts';
import { detectOverdueActivity } from './scheduled/detect-overdue.activity.ts';
import { withEvents, type CrmPublisherPort, type EffectResult } from './crm/publish-changes.ts';
import { withFailureMapping } from './failure.ts';
import { freezeAccountActivity, type FreezePorts } from './crm/freeze-account.activity.ts';
import { incrementCounterActivity } from './crm/increment-counter.activity.ts';
import { withStored } from './outbound/kept-outcomes.ts';
import { callBatchActivity, type CallBatchPorts } from './run/call-batch.activity.ts';
import { inTurn } from './run/in-turn.ts';
import { messageActivity, type MessageActivityPorts } from './outbound/message-step.ts';
import { notifyManagerActivity } from './crm/notify-manager.activity.ts';
import { reconcileActivity, type ReconcilePorts } from './scheduled/reconcile.activity.ts';
import { saveApprovalActivity, type ApprovalInbox } from './approvals/put-approval.activity.ts';
import { recordRunActivity, type RecordPorts } from './run/record-run.activity.ts';
import { renderActionsActivity, saveRunDataActivity, type RunDataPorts } from './run/run-data.activities.ts';
import { setCustomerActiveActivity } from './crm/set-customer-active.activity.ts';
import { prepareEmail, type SendEmailPorts } from './outbound/send-email.activity.ts';
import { prepareSms, type SendSmsPorts } from './outbound/send-sms.activity.ts';
import { setCustomerStatusActivity } from './crm/set-customer-status.activity.ts';
import { setRiskLevelActivity } from './crm/set-risk-level.activity.ts';
import { createWebhookSend, type WebhookSendDependencies } from './outbound/webhook.activity.ts';

export interface LocalPorts extends RecordPorts, RunDataPorts {
  approvals: ApprovalInbox & RecordPorts['approvals'];
  directory: DirectoryActions & FreezePorts;
  notifications: NotificationStore;
  tasks: TaskStore;
  notes: NoteStore;
  counters: CounterStore;
  assignments: AssignmentStore;
  rotation: AgentRotation;
  crm: CrmPublisherPort;
  consoleUrl?: string | undefined;
}

export function createLocalActivities(ports: LocalPorts): LocalActivities {
  const effects = createEffects(ports);
  const write = recordRunActivity(ports);
  const saveApproval = saveApprovalActivity(ports.approvals);
  const record = async ({ approval, ...told }: RecordInput): Promise<RecordResult> => {
    if (approval !== undefined) await saveApproval(approval);
    return write(told);
  };
  return {
    ...effects,
    executeWriteBatch: withFailureMapping(writeBatchActivity({ effects, record, runs: ports.runs })),
    recordRun: withFailureMapping(record),
    managerOfCustomer: withFailureMapping(managerOfCustomerActivity(ports)),
    saveApproval: withFailureMapping(saveApproval),
    drawToken: () => Promise.resolve(randomBytes(32).toString('hex')),
    remindApprovers: withFailureMapping(remindApproversActivity(ports)),
    notifyCancelled: withFailureMapping(notifyCancelledActivity(ports)),
    announcements: withFailureMapping(announcementsActivity(ports)),
    saveRunData: withFailureMapping(saveRunDataActivity(ports)),
    renderActions: withFailureMapping(renderActionsActivity(ports)),
  };
}

function createEffects(ports: LocalPorts): StateChangeActivities {
  const effect = <Input extends ActionTarget>(activity: (input: Input) => Promise<EffectResult>) =>
    step(withEvents(activity, ports.crm));
  return {
    notifyManager: effect(notifyManagerActivity(ports)),
    setCustomerStatus: effect(setCustomerStatusActivity(ports.directory)),
    setCustomerRiskLevel: effect(setRiskLevelActivity(ports.directory)),
    setCustomerActive: effect(setCustomerActiveActivity(ports.directory)),
    createTask: effect(createTaskActivity(ports)),
    addNote: effect(addNoteActivity(ports)),
    incrementManagerCounter: effect(incrementCounterActivity(ports)),
    freezeAccount: effect(freezeAccountActivity(ports.directory)),
    assignCustomer: effect(assignCustomerActivity(ports)),
  };
}

export type MaintenancePorts = RecordPorts &
  Pick<ReconcilePorts, 'records' | 'closedRunStore' | 'restart' | 'bulk' | 'limits'> & {
    tasks: OverdueTasks;
    activity: ActivityReader;
    crm: CrmPublisherPort;
    callOutcomes: CallOutcomes;
    isAskedFor: DetectInactivePorts['isAskedFor'];
    isHeardUntil: DetectInactivePorts['isHeardUntil'];
    /** Least number of days that `customer.inactive_days` tells. */
    minInactiveDays: number;
  };

/** @param client to look at the runs of the task queue with */
export function createMaintenanceActivities(
  ports: MaintenancePorts,
  client: Client,
  taskQueue: string,
): MaintenanceActivities {
  const now = (): Date => new Date();
  return {
    reconcile: withFailureMapping(
      reconcileActivity({
        ...ports,
        closedRuns: async function* (closedSince) {
          for await (const run of closedRuns(client, taskQueue, closedSince)) yield withStored(run, ports.callOutcomes);
        },
        runState: async (executionId) => {
          const state = await readRunState(client, executionId);
          return typeof state === 'string' ? state : withStored(state, ports.callOutcomes);
        },
        retention: () => readRetention(client),
        record: recordRunActivity(ports),
        heartbeat,
        warn: (message, fields) => log.warn(message, fields),
        now,
      }),
    ),
    detectOverdue: withFailureMapping(detectOverdueActivity({ ...ports, heartbeat, now })),
    detectInactive: withFailureMapping(
      detectInactiveActivity({
        ...ports,
        minDays: ports.minInactiveDays,
        resumeFrom: () => activityInfo().heartbeatDetails,
        heartbeat,
        now,
      }),
    ),
  };
}

export type HttpPorts = WebhookSendDependencies &
  SendSmsPorts &
  MessageActivityPorts &
  RecordPorts &
  Pick<CallBatchPorts, 'records' | 'callsTogetherMs'>;

/** Calls to other systems. */
export function createHttpActivities(ports: HttpPorts): HttpActivities {
  const webhookSend = createWebhookSend(ports);
  const callBatch = callBatchActivity({ ...ports, webhookSend, record: recordRunActivity(ports) });
  return { executeCallBatch: withFailureMapping(inTurn(callBatch)), sendSms: createSendSms(ports) };
}

export function createSendSms(ports: SendSmsPorts & MessageActivityPorts): HttpActivities['sendSms'] {
  return withFailureMapping(inTurn(messageActivity(prepareSms(ports), ports)));
}

/** For the workers of `backtestTaskQueue`. */
export function createBacktestActivities(ports: BacktestActivityPorts): BacktestActivities {
  return { backtest: withFailureMapping(backtestActivity(ports)) };
}

/** For the workers of `mailTaskQueue`. */
export function createMailActivities(ports: SendEmailPorts & MessageActivityPorts): MailActivities {
  return { sendEmail: withFailureMapping(inTurn(messageActivity(prepareEmail(ports), ports))) };
}

function step<Input>(activity: (input: Input) => Promise<ActionResult>): (input: Input) => Promise<ActionResult> {
  return withFailureMapping(async (input: Input) => {
    const result = await activity(input);
    return { ...result, attempts: activityInfo().attempt };
  });
}
