/** One message or more of each kind, as other systems and signalbox write them. */
import { toCloudEvent } from '#libs/lifecycle/publisher.ts';
import type { LifecycleDraft } from '#libs/domain/runs/lifecycle-event.ts';

/** A message as the document shows it: headers are texts. */
export interface MessageExample {
  name: string;
  summary: string;
  headers?: Record<string, string>;
  payload: unknown;
}

const at = '2026-01-15T09:00:00.000Z';

export const tradeExamples: MessageExample[] = [
  {
    name: 'opened',
    summary: 'A buy of 12 lots was opened: `trade.opened`.',
    payload: {
      id: 'trade-70001-added',
      event: 'EV_RECORD_ADD',
      occurredAt: at,
      record: {
        order: 70_001,
        login: 500_102,
        cmd: 'OP_BUY',
        volume: 1200,
        close_price: 0,
        symbol: 'XAUUSD',
        comment: '',
      },
    },
  },
  {
    name: 'deposited',
    summary: 'Money was put into the account: `deposit.created`.',
    payload: {
      id: 'trade-70002-added',
      event: 'EV_RECORD_ADD',
      occurredAt: at,
      record: { order: 70_002, login: 500_102, cmd: 'OP_BALANCE_IN', comment: 'wire', amount_usd: 15_000 },
    },
  },
];

export const accountExamples: MessageExample[] = [
  {
    name: 'added',
    summary: 'An account was opened: `account:added`.',
    payload: {
      id: 'account-500102-added',
      event: 'EV_RECORD_ADD',
      occurredAt: at,
      record: {
        login: 500_102,
        group: 'alder-usd',
        name: 'Ana Lima',
        email: 'ana@example.com',
        country: 'PT',
        enable: true,
        leverage: 100,
        customer_id: 'C-1001',
      },
    },
  },
];

export const crmExamples: MessageExample[] = [
  {
    name: 'deposited',
    summary: 'A deposit of a customer.',
    payload: {
      id: 'deposit-15000',
      type: 'customer.deposited',
      occurredAt: at,
      brand: 'alder',
      login: 500_102,
      customerId: 'C-1001',
      data: { amount: 15_000, currency: 'USD', method: 'wire' },
    },
  },
  {
    name: 'assigned',
    summary: 'Written by signalbox: an action assigned the customer to a manager.',
    payload: {
      id: 'large-deposit:deposit-15000~u2dYc0aJ3k/0',
      type: 'customer.assigned',
      occurredAt: '2026-01-15T09:00:01.000Z',
      brand: 'alder',
      login: 500_102,
      customerId: 'C-1001',
      causation: ['deposit-15000'],
      data: { manager_id: 11, team_id: null, desk: null, previous_manager_id: null },
    },
  },
];

export const structuredExamples: MessageExample[] = [
  {
    name: 'statusChanged',
    summary: 'A sales status was changed.',
    headers: { 'content-type': 'application/cloudevents+json; charset=UTF-8' },
    payload: {
      specversion: '1.0',
      id: 'status-7001',
      source: '/crm',
      type: 'customer.status_changed',
      time: at,
      datacontenttype: 'application/json',
      brand: 'alder',
      customerid: 'C-1001',
      data: { kind: 'sales', status: 'interested', status_id: 4 },
    },
  },
];

export const binaryExamples: MessageExample[] = [
  {
    name: 'noAnswer',
    summary: 'A call was not answered; the value is the data alone.',
    headers: {
      'content-type': 'application/json',
      ce_specversion: '1.0',
      ce_id: 'call-9001',
      ce_source: '/voip',
      ce_type: 'call.no_answer',
      ce_time: at,
      ce_brand: 'alder',
      ce_login: '500102',
      ce_customerid: 'C-1001',
      ce_causation: 'task-31',
    },
    payload: { attempts: 3 },
  },
];

const run = { executionId: 'large-deposit:deposit-15000~u2dYc0aJ3k', processId: 'large-deposit', tenantId: 'alder' };
const pause = { correlationToken: '4f1c0a3e-6d0b-4f2e-9d5c-0b1a7e8c2d34', occurredAt: '2026-01-15T09:00:02.000Z' };

/** The events of runs as they are made; what is on the topic follows from them. */
const drafts: LifecycleDraft[] = [
  {
    ...run,
    eventType: 'WorkflowStarted',
    occurredAt: at,
    sequence: 0,
    triggeredBy: 'system',
    startedAt: at,
    triggerPayload: { amount: 15_000, currency: 'USD' },
  },
  {
    ...run,
    ...pause,
    eventType: 'WorkflowPaused',
    sequence: 1,
    suspendedNodeId: 'action-1',
    actorId: 'alice',
    suspendedAt: pause.occurredAt,
    expiresAt: '2026-01-16T09:00:02.000Z',
  },
  {
    ...run,
    ...pause,
    occurredAt: '2026-01-15T10:30:00.000Z',
    eventType: 'WorkflowResumed',
    sequence: 2,
    resumedBy: 'alice',
    resumedAt: '2026-01-15T10:30:00.000Z',
  },
  {
    ...run,
    eventType: 'WorkflowCompleted',
    occurredAt: '2026-01-15T10:30:01.000Z',
    sequence: 3,
    durationMs: 5_401_000,
    completedAt: '2026-01-15T10:30:01.000Z',
    status: 'success',
  },
  {
    ...run,
    eventType: 'WorkflowFailed',
    occurredAt: '2026-01-15T10:30:01.000Z',
    sequence: 3,
    failedNodeId: 'action-2',
    failedNodeType: 'webhook.send',
    errorMessage: 'the receiver answered 503',
    errorType: 'http_status',
    failedAt: '2026-01-15T10:30:01.000Z',
  },
];

const summaries: Record<LifecycleDraft['eventType'], string> = {
  WorkflowStarted: 'A run began.',
  WorkflowPaused: 'The run waits for an answer.',
  WorkflowResumed: 'The answer came.',
  WorkflowCompleted: 'All actions are done.',
  WorkflowFailed: 'An action failed for good.',
};

/** @param type of the event */
export function lifecycleExamples(type: string, headers: Record<string, string>): MessageExample[] {
  return drafts
    .filter(({ eventType }) => eventType === type)
    .map((draft) => ({
      name: type.replace('Workflow', '').toLowerCase(),
      summary: summaries[draft.eventType],
      headers,
      payload: toCloudEvent(draft),
    }));
}

/** An event that a handler could not handle, and the letter that tells of it. */
export const unhandled = {
  reason: 'handler_failed' as const,
  message: 'InvoiceHandler failed 6 times: the ledger answered 503',
  subscriber: { group: 'ledger', handler: 'InvoiceHandler' },
  origin: { topic: 'workflow.lifecycle', partition: 4, offset: '90311', timestamp: '1768473001000' },
};

/** @param headers of the event */
export function subscriberDeadLetterExamples(headers: Record<string, string>): MessageExample[] {
  const { reason, message, subscriber, origin } = unhandled;
  const original = Object.entries(headers).map(([name, text]) => [`original.${name}`, text]);
  return lifecycleExamples('WorkflowCompleted', headers).map(({ payload }) => ({
    name: 'handlerFailed',
    summary: 'A handler failed as often as it was called.',
    headers: {
      'dead-letter.reason': reason,
      'dead-letter.message': message,
      'dead-letter.topic': origin.topic,
      'dead-letter.partition': String(origin.partition),
      'dead-letter.offset': origin.offset,
      'dead-letter.timestamp': origin.timestamp,
      'dead-letter.group': subscriber.group,
      'dead-letter.handler': subscriber.handler,
      ...(Object.fromEntries(original) as Record<string, string>),
    },
    payload,
  }));
}

/** A message that is refused, and the letter that tells of it. */
export const refusedMessage = {
  topic: 'trade.push',
  partition: 2,
  offset: '1807',
  timestamp: '1768467600000',
  value: { event: 'EV_RECORD_ADD', record: { cmd: 'OP_BUY' } },
};

export const deadLetterExamples: MessageExample[] = [
  {
    name: 'withoutLogin',
    summary: 'A trade that names no account.',
    headers: {
      'dead-letter.reason': 'invalid_event',
      'dead-letter.message': 'record.login is missing: expected the login, a whole number',
      'dead-letter.topic': refusedMessage.topic,
      'dead-letter.partition': String(refusedMessage.partition),
      'dead-letter.offset': refusedMessage.offset,
      'dead-letter.timestamp': refusedMessage.timestamp,
    },
    payload: refusedMessage.value,
  },
];
