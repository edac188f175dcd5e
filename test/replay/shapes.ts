/**
 * Every shape a workflow of this system can take, each executed once on the time-skipping server. What stands behind
 * the activities does not matter here: the history is what the workflow asked for and what it was told.
 */
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { expect, vi } from 'vitest';
import type { Approval, Person } from '#libs/domain/approvals/approval.ts';
import { PermanentError, RetryableError } from '#libs/domain/errors/errors.ts';
import type { RunAction, RunInput } from '#libs/domain/runs/run.ts';
import type { BacktestResult } from '#libs/domain/rules/backtest-result.ts';
import type { MaintenanceActivities } from '#temporal/contract/activities.ts';
import type { BacktestActivities, BacktestInput } from '#temporal/contract/backtest.ts';
import { wakeDelivery } from '#temporal/client/deliveries.ts';
import {
  deliveryTaskQueue,
  deliveryWorkflowId,
  wakeSignal,
  type DeliveryActivities,
} from '#temporal/contract/delivery.ts';
import { toApplicationFailure } from '#temporal/activities/failure.ts';
import type { BulkActivities, BulkInput } from '#temporal/contract/bulk.ts';
import { backtestTaskQueue, backtestWorkflow, bulkTaskQueue, bulkWorkflow } from '#temporal/contract/names.ts';
import {
  answerUpdate,
  cancelApprovalUpdate,
  cancelledBySignal,
  pauseSignal,
  reassignUpdate,
  resumeSignal,
  resumeUpdate,
} from '#temporal/contract/run-messages.ts';
import { uniqueName } from '../support/servers.ts';
import { Recording } from '../workflow/recording-activities.ts';
import { executeRun, workflowBundle, type RunOptions } from '../workflow/run-harness.ts';

/** Carries one workflow out and returns it, closed. */
export type Shape = (environment: TestWorkflowEnvironment) => Promise<WorkflowHandle>;

const notify = { type: 'notify.manager', params: {} };
const status = { type: 'customer.set_status', params: { status: 'vip' } };
const webhook = { type: 'webhook.send', params: { url: 'https://hooks.example.com/x' } };
const wait = { type: 'delay', params: { value: 1, unit: 'hours' } };
const kyc = { type: 'kyc.require_step', params: {} };
const context = {
  brand: 'acme',
  event: { amount: 12_000 },
  customer: { id: 'c-1', email: 'm@customer.example', phone: '+5511' },
};
const ask = (params: Record<string, unknown> = {}) => ({
  type: 'approval.request',
  params: { title: 'Pay out?', approvers: { users: ['alice', 'bob'] }, ...params },
});
const alice: Person = { userId: 'alice', role: 'SESSION_MANAGER' };
const admin: Person = { userId: 'root', role: 'SESSION_ADMIN' };

/** One of each action that is a write of our own. */
const effects: RunAction[] = [
  notify,
  status,
  { type: 'customer.set_risk_level', params: { risk_level: 'high' } },
  { type: 'set_status', params: { status: 'vip' } },
  { type: 'set_customer_active', params: { active: true } },
  { type: 'create_task', params: { type: 'call', due_in: { value: 1, unit: 'days' } } },
  { type: 'add_note', params: { body: 'Look' } },
  { type: 'increment_manager_counter', params: { counter: 'wins' } },
  { type: 'freeze_account', params: { reason: 'fraud' } },
  { type: 'assign_to_team', params: { team_id: 'sales' } },
  { type: 'assign_to_agent', params: { agent_id: 1 } },
  { type: 'reassign_round_robin', params: {} },
  { type: 'handover_to_retention', params: {} },
  kyc,
  { type: 'kyc.set_required_level', params: {} },
];

function run(actions: RunAction[], options: RunOptions = {}): Shape {
  return async (environment) => {
    const { handle } = await executeRun(environment, actions, { ...options, input: { context, ...options.input } });
    return handle;
  };
}

/** A run in whose course somebody does something. */
function controlled(
  actions: RunAction[],
  act: (run: WorkflowHandle, recording: Recording) => Promise<void>,
  recording: () => Recording = () => new Recording(),
): Shape {
  return (environment) => {
    const noted = recording();
    return run(actions, { recording: noted, meanwhile: (handle) => act(handle, noted) })(environment);
  };
}

/** The call under way, or else the paused event, holds the run until `act` has had its say. */
function heldAtCall(
  actions: RunAction[],
  act: (run: WorkflowHandle, recording: Recording) => Promise<void>,
  input: Partial<RunInput> = {},
): Shape {
  return (environment) => {
    let release = (): void => undefined;
    const answered = new Promise<void>((resolve) => (release = resolve));
    const recording = new Recording({ webhookSend: () => answered });
    const meanwhile = async (handle: WorkflowHandle): Promise<void> => {
      await vi.waitFor(() => expect(recording.calls).toHaveLength(1), { timeout: 30_000 });
      await handle.signal(pauseSignal);
      release();
      await told(recording, 'WorkflowPaused');
      await act(handle, recording);
    };
    return run(actions, { recording, meanwhile, input })(environment);
  };
}

function told(recording: Recording, type: string): Promise<void> {
  const types = (): string[] => recording.records.flatMap(({ events }) => events.map(({ eventType }) => eventType));
  return vi.waitFor(() => expect(types()).toContain(type), { timeout: 30_000 });
}

function mailed({ calls }: Recording, times: number): Promise<void> {
  const mails = () => calls.filter(({ activity }) => activity === 'sendEmail');
  return vi.waitFor(() => expect(mails()).toHaveLength(times), { timeout: 30_000 });
}

function question({ records, approvals }: Recording): Promise<Approval> {
  return vi.waitFor(
    () => {
      const asked = approvals.at(-1);
      const isTold = records.some(({ events }) => events[0]?.eventType === 'WorkflowPaused');
      if (asked === undefined || !isTold) throw new Error('nobody has been asked');
      return asked;
    },
    { timeout: 30_000 },
  );
}

const answer =
  (decision: 'approve' | 'reject', ...people: Person[]) =>
  async (handle: WorkflowHandle, recording: Recording): Promise<void> => {
    const { token } = await question(recording);
    for (const by of people) {
      await handle.executeUpdate(answerUpdate, { args: [{ token, decision, by, comment: null, data: null }] });
    }
  };

/** Fails the first attempts of a call, one after the other. */
function refusing(...failures: (Error | null)[]): Recording {
  return new Recording({
    webhookSend: () => {
      const failure = failures.shift() ?? null;
      if (failure !== null) throw failure;
    },
  });
}
const away = new RetryableError('webhook_status', '503');
const gone = new PermanentError('webhook_status', '404');

const backtest: Shape = async ({ client, nativeConnection: connection }) => {
  const taskQueue = uniqueName('backtest');
  const result: BacktestResult = {
    events_read: 1,
    undecodable: 0,
    events_considered: 1,
    matches: 0,
    matches_per_day: {},
    samples: [],
    difference: null,
    from: null,
    to: null,
  };
  const activities: BacktestActivities = { backtest: () => Promise.resolve(result) };
  const worker = await Worker.create({ connection, taskQueue, workflowBundle: workflowBundle() });
  const reader = await Worker.create({ connection, taskQueue: backtestTaskQueue(taskQueue), activities });
  return worker.runUntil(() =>
    reader.runUntil(async () => {
      const args: [BacktestInput] = [{ candidate: '{}', stored: null, since: 0 }];
      const handle = await client.workflow.start(backtestWorkflow, { taskQueue, workflowId: uniqueName('b'), args });
      await handle.result();
      return handle;
    }),
  );
};

/** @param commands what the activity that gives the command comes to, each time */
function bulk(commands: (boolean | Error)[]): Shape {
  return async ({ client, nativeConnection: connection }) => {
    const taskQueue = uniqueName('bulk');
    const pages = ['next', null];
    const left = [...commands];
    const activities: BulkActivities = {
      collectBulkRuns: () => Promise.resolve(pages.shift() ?? null),
      commandBulkRuns: () => {
        const next = left.shift() ?? false;
        return typeof next === 'boolean' ? Promise.resolve(next) : Promise.reject(toApplicationFailure(next));
      },
      endBulkOperation: () => Promise.resolve(),
    };
    const worker = await Worker.create({ connection, taskQueue, workflowBundle: workflowBundle() });
    const other = await Worker.create({ connection, taskQueue: bulkTaskQueue(taskQueue), activities });
    return worker.runUntil(() =>
      other.runUntil(async () => {
        const args: [BulkInput] = [{ bulk_id: 'b-1' }];
        const handle = await client.workflow.start(bulkWorkflow, { taskQueue, workflowId: uniqueName('bulk'), args });
        await handle.result().catch(() => undefined);
        return handle;
      }),
    );
  };
}

/** @param looks what the activity says of the queue, each time it looks; @param meanwhile done once the first has said so */
function delivery(
  looks: (number | null)[],
  meanwhile: (handle: WorkflowHandle) => Promise<void> = () => Promise.resolve(),
): Shape {
  return async ({ client, nativeConnection: connection }) => {
    const queue = uniqueName('delivery');
    const key = { subscription_id: 's-1', execution_id: uniqueName('run') };
    const left = [...looks];
    const activities: DeliveryActivities = { attemptDelivery: () => Promise.resolve(left.shift() ?? null) };
    const taskQueue = deliveryTaskQueue(queue);
    const worker = await Worker.create({ connection, taskQueue, activities, workflowBundle: workflowBundle() });
    return worker.runUntil(async () => {
      await wakeDelivery(client.workflow, queue, key, new Date(Date.now() + 1_000).toISOString());
      const handle = client.workflow.getHandle(deliveryWorkflowId(key));
      await vi.waitFor(() => expect(left.length).toBeLessThan(looks.length), { timeout: 30_000 });
      await meanwhile(handle);
      await handle.result();
      return handle;
    });
  };
}

function maintenance(workflow: string): Shape {
  return async ({ client, nativeConnection }) => {
    const taskQueue = uniqueName('maintenance');
    const activities: MaintenanceActivities = {
      reconcile: () => Promise.resolve({ closedSince: '2026-01-05T10:00:00.000Z', closed: 1 }),
      detectOverdue: () => Promise.resolve({ published: 1 }),
      detectInactive: () => Promise.resolve({ published: 1 }),
    };
    const bundle = workflowBundle();
    const worker = await Worker.create({
      connection: nativeConnection,
      taskQueue,
      activities,
      workflowBundle: bundle,
    });
    return worker.runUntil(async () => {
      const handle = await client.workflow.start(workflow, { taskQueue, workflowId: uniqueName(workflow) });
      await handle.result();
      return handle;
    });
  };
}

/** Data of the request and texts that show it. */
const origin = { process: 'PAY', version: 1, isTest: false, folder: null };
const noteOfData = { type: 'add_note', params: { body: '{{ data.NAME }}' } };
const requested = (templates: RunAction[]) => ({
  number: 42,
  request: { ...origin, templates },
  context: { ...context, data: { NAME: 'Ana' } },
});

const completeWithData = async (handle: WorkflowHandle, recording: Recording): Promise<void> => {
  const { token } = await question(recording);
  const input = { token, decision: 'approve', comment: null, data: null } as const;
  await handle.executeUpdate(answerUpdate, { args: [{ ...input, by: alice, parameters: { NAME: 'Zoe' } }] });
  await handle.executeUpdate(answerUpdate, {
    args: [{ ...input, by: { ...alice, userId: 'bob' }, parameters: { NAME: 'Bea' } }],
  });
};

function request(actions: RunAction[], act: (run: WorkflowHandle, recording: Recording) => Promise<void>): Shape {
  return (environment) => {
    const recording = new Recording();
    const meanwhile = (handle: WorkflowHandle) => act(handle, recording);
    return run(actions, { recording, meanwhile, input: requested(actions) })(environment);
  };
}

const cancelAction =
  (type: 'CANCEL' | 'ERROR') =>
  async (handle: WorkflowHandle, recording: Recording): Promise<void> => {
    const { token } = await question(recording);
    const why = { type, message: 'wrong account', source: 'bank', authority: 'supervisor' } as const;
    await handle.executeUpdate(cancelApprovalUpdate, { args: [{ token, by: admin, ...why }] });
  };

export const shapes: Record<string, Shape> = {
  effects: run(effects),
  'effect-tried-alone': controlled(
    [status, notify, status],
    async () => undefined,
    () => {
      let refusals = 0;
      return new Recording({
        notifyManager: () => {
          if (refusals++ < 2) throw new RetryableError('store_unavailable', 'the store is away');
        },
      });
    },
  ),
  'effect-failed': run([notify, status, notify], {
    recording: new Recording({
      setCustomerStatus: () => {
        throw new PermanentError('status_not_found', 'There is no status vip');
      },
    }),
  }),
  calls: run([webhook, { type: 'webhook', params: { target: 'slack' } }, webhook]),
  'call-tried-again': run([webhook, webhook, webhook], { recording: refusing(null, away, away) }),
  'call-failed': run([webhook, webhook, webhook], { recording: refusing(null, gone) }),
  'call-given-up': run([webhook], { recording: refusing(away, away, away, away, away) }),
  'call-tried-by-the-run': run([webhook, webhook, webhook], { recording: refusing(null, away, away) }),
  'message-tried-by-the-run': run([{ type: 'send_sms', params: { body: 'Hello' } }, notify], {
    recording: new Recording({
      sendSms: (attempt) => {
        if (attempt < 3) throw away;
      },
    }),
  }),
  'effects-and-calls': run([status, webhook, webhook, notify, kyc, webhook, status]),
  messages: run([
    { type: 'send_email', params: { subject: 'Hello', body: 'You' } },
    { type: 'send_sms', params: { body: 'Hello' } },
    notify,
  ]),
  'message-to-nobody': run([{ type: 'send_email', params: { body: 'You' } }], {
    input: { context: { brand: 'acme', event: {} } },
  }),
  'unknown-action': run([notify, { type: 'fax.send', params: {} }]),
  delay: run([notify, wait, notify]),
  approved: controlled([status, ask(), notify], answer('approve', alice)),
  'approval-announced': controlled(
    [ask({ remind_before: { value: 1, unit: 'hours' }, expires_in: { value: 2, unit: 'hours' } }), notify],
    async (handle, recording) => {
      await mailed(recording, 2);
      await answer('approve', alice)(handle, recording);
    },
    () => {
      const recording = refusing();
      recording.mailTo = ['ada@broker.example', 'bert@broker.example'];
      return recording;
    },
  ),
  'approved-by-two': controlled(
    [ask({ required: 2 }), notify],
    answer('approve', alice, { userId: 'bob', role: 'SESSION_DEALER' }),
  ),
  'approved-by-manager': controlled(
    [ask({ approvers: { manager_of_customer: true } }), notify],
    answer('approve', { userId: '7', role: 'SESSION_MANAGER' }),
    () => Object.assign(new Recording(), { managers: ['7'] }),
  ),
  rejected: controlled([ask(), notify], answer('reject', alice)),
  'rejected-and-stopped': controlled([ask({ on_reject: 'stop' }), notify], answer('reject', alice)),
  'rejected-and-continued': controlled([ask({ on_reject: 'continue' }), notify], answer('reject', alice)),
  expired: run([ask({ expires_in: { value: 2, unit: 'hours' } }), notify]),
  'expired-and-continued': run([ask({ expires_in: { value: 2, unit: 'days' }, on_expire: 'continue' }), notify]),
  reassigned: controlled([ask(), notify], async (handle, recording) => {
    const { token, approvers } = await question(recording);
    const users = ['carol'];
    const input = { token, approvers: { ...approvers, users }, by: admin, reason: 'on leave' };
    await handle.executeUpdate(reassignUpdate, { args: [input] });
    await answer('approve', { userId: 'carol', role: 'SESSION_MANAGER' })(handle, recording);
  }),
  'paused-by-signal': heldAtCall([webhook, notify], (handle) => handle.signal(resumeSignal)),
  'paused-by-name': heldAtCall([webhook, notify], async (handle) => {
    await handle.executeUpdate(resumeUpdate, { args: [{ by: admin, reason: 'seen' }] });
  }),
  'cancelled-while-paused': heldAtCall([webhook, notify], async (handle) => {
    await handle.signal(cancelledBySignal, { by: admin.userId, reason: 'wrong customer' });
    await handle.cancel();
  }),
  'cancelled-in-a-delay': controlled([notify, wait, notify], async (handle, recording) => {
    await told(recording, 'WorkflowStarted');
    await handle.cancel();
  }),
  'cancelled-while-asking': controlled([ask(), notify], async (handle, recording) => {
    await question(recording);
    await handle.cancel();
  }),
  'action-cancelled': request([ask({ on_cancel: 'fail' }), notify], cancelAction('CANCEL')),
  'action-cancelled-and-stopped': request([ask({ on_exception: 'stop' }), notify], cancelAction('ERROR')),
  'action-cancelled-and-continued': request([ask({ on_exception: 'continue' }), noteOfData], cancelAction('CANCEL')),
  'completed-with-data': request([ask({ required: 2 }), noteOfData, webhook], completeWithData),
  'assigned-to-those-of-the-rule': request([ask(), notify], async (handle, recording) => {
    const { token } = await question(recording);
    const by = { ...admin, role: '' };
    const assign = (users: string[] | null) =>
      handle.executeUpdate(reassignUpdate, {
        args: [{ token, by, approvers: users && { users, roles: [] }, reason: null, authority: 'folder_manager' }],
      });
    await assign(['carol']);
    await assign(null);
    await answer('approve', alice)(handle, recording);
  }),
  'cancelled-while-asking-with-notice': request([ask(), notify], async (handle, recording) => {
    await question(recording);
    await handle.signal(cancelledBySignal, { by: 'svc', reason: null, notifiesParticipants: true });
    await handle.cancel();
  }),
  'request-that-waits': request([noteOfData, wait, noteOfData], async () => undefined),
  'request-that-was-paused': heldAtCall(
    [webhook, noteOfData],
    (handle) => handle.signal(resumeSignal),
    requested([webhook, noteOfData]),
  ),
  'request-that-is-retried': run([webhook, noteOfData], {
    input: {
      ...requested([webhook, noteOfData]),
      retry: { of: 'first:evt-1', number: 1, from: 0, outcomes: [], triggeredBy: 'system' },
    },
  }),
  retry: run([webhook, notify, webhook], {
    input: {
      context,
      triggeredBy: 'root',
      retry: {
        of: 'first:evt-1',
        number: 1,
        from: 1,
        outcomes: [
          { index: 0, type: 'webhook.send', status: 'completed', attempts: 2, started_at: null, finished_at: null },
        ],
        triggeredBy: 'system',
      },
    },
  }),
  backtest,
  bulk: bulk([true, false]),
  'bulk-failed': bulk([gone]),
  'delivered-later': delivery([5_000, 0, 30_000, null]),
  'delivery-woken': delivery([8 * 3_600_000, null], (handle) => handle.signal(wakeSignal)),
  reconcile: maintenance('reconcileRuns'),
  'overdue-tasks': maintenance('detectOverdueTasks'),
  'inactive-customers': maintenance('detectInactiveCustomers'),
};
