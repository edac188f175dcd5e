/** The store as commands use it: connected on first use, closed when the command ends. */
import type { Connection } from 'mongoose';
import type { ObservedEventTypes } from '#libs/domain/context/observed-event-type.ts';
import { connectStore } from '#libs/store/mongo/connect.ts';
import { createApiKeys, type ApiKeys } from '#libs/store/access/api-key.repository.ts';
import { createApprovals, type ApprovalRepository } from '#libs/store/approvals/approval.repository.ts';
import { createAuditLog, type AuditLog } from '#libs/store/access/audit.repository.ts';
import { createDirectory, type Directory } from '#libs/store/directory/directory.ts';
import { createUserReader } from '#libs/store/directory/user.reader.ts';
import {
  createWebhookApplications,
  type WebhookApplications,
} from '#libs/store/hooks/webhook-application.repository.ts';
import type { UserReader } from '#libs/domain/directory/directory-user.ts';
import { createHeldRunStore, type HeldRunStore } from '#libs/store/runs/held-run.repository.ts';
import { createCounterStore, type CounterRepository } from '#libs/store/crm/manager-counter.repository.ts';
import { createNoteStore, type NoteRepository } from '#libs/store/crm/note.repository.ts';
import { createNotificationStore, type NotificationRepository } from '#libs/store/crm/notification.repository.ts';
import type { DeadLetterStore } from '#libs/domain/events/dead-letter.ts';
import { createDeadLetters } from '#libs/store/events/dead-letter.repository.ts';
import { createObservedEventTypes } from '#libs/store/events/observed-event-type.repository.ts';
import { createPersonNames, type PersonNames } from '#libs/store/access/person-names.reader.ts';
import type { RunNumbers } from '#libs/domain/runs/run-numbers.ts';
import { createRunNumbers } from '#libs/store/runs/run-number.repository.ts';
import { createRetryStore, type RetryStore } from '#libs/store/runs/retry.repository.ts';
import { createRuleRepository, type RuleRepository } from '#libs/store/rules/rule.repository.ts';
import { createRuleVersions, type RuleVersions } from '#libs/store/rules/rule-version.repository.ts';
import { createRunRecords, type RunRecords } from '#libs/store/runs/run-log.repository.ts';
import { createRunRecorder, type RunRecorder } from '#libs/store/runs/run-recorder.ts';
import { createRunLedger } from '#libs/store/runs/run-ledger.repository.ts';
import type { RunLedger } from '#libs/domain/runs/run-ledger.ts';
import type { WaitingEventsAdmin } from '#libs/domain/events/waiting-event.ts';
import { createWaitingEvents } from '#libs/store/events/waiting-event.repository.ts';
import type { LifecycleLog } from '#libs/domain/runs/lifecycle-log.ts';
import type { DeliveryAttempts, DeliveryCursors, PendingDeliveries } from '#libs/domain/subscriptions/delivery.ts';
import type { Subscriptions } from '#libs/domain/subscriptions/subscription.ts';
import { createLifecycleLog } from '#libs/store/lifecycle/lifecycle-log.repository.ts';
import { createDeliveryAttempts } from '#libs/store/subscriptions/delivery-attempt.repository.ts';
import { createDeliveryCursors } from '#libs/store/subscriptions/delivery-cursor.repository.ts';
import { createPendingDeliveries } from '#libs/store/subscriptions/pending-delivery.repository.ts';
import { createSubscriptions } from '#libs/store/subscriptions/subscription.repository.ts';
import { createWorkflowWebhooks } from '#libs/store/workflow-webhooks/workflow-webhook.repository.ts';
import type { WorkflowWebhooks } from '#libs/domain/workflow-webhooks/workflow-webhook.ts';
import { createTaskStore, type TaskRepository } from '#libs/store/crm/task.repository.ts';

export interface StoreSession {
  rules: RuleRepository;
  versions: RuleVersions;
  keys: ApiKeys;
  audit: AuditLog;
  directory: Directory;
  runs: RunRecords;
  heldRuns: HeldRunStore;
  retries: RetryStore;
  runNumbers: RunNumbers;
  approvals: ApprovalRepository;
  recorder: RunRecorder;
  names: PersonNames;
  notifications: NotificationRepository;
  tasks: TaskRepository;
  triggers: ObservedEventTypes;
  notes: NoteRepository;
  counters: CounterRepository;
  ledger: RunLedger;
  waitingEvents: WaitingEventsAdmin;
  deadLetters: DeadLetterStore;
  lifecycle: LifecycleLog;
  subscriptions: Subscriptions;
  users: UserReader;
  applications: WebhookApplications;
  attempts: DeliveryAttempts;
  pending: PendingDeliveries;
  cursors: DeliveryCursors;
  webhooks: WorkflowWebhooks;
  close(): Promise<void>;
}

/** People wait for the answer: a server that is not there is told sooner than to a service. */
const retryMs = 3_000;

/** @throws RetryableError `store_unavailable`, PermanentError `store_uri_invalid` */
export async function openStoreSession(uri: string): Promise<StoreSession> {
  const connection: Connection = await connectStore(uri, { serverSelectionTimeoutMs: retryMs });
  return {
    rules: createRuleRepository(connection),
    versions: createRuleVersions(connection),
    keys: createApiKeys(connection),
    audit: createAuditLog(connection),
    directory: createDirectory(connection),
    runs: createRunRecords(connection),
    heldRuns: createHeldRunStore(connection),
    retries: createRetryStore(connection),
    runNumbers: createRunNumbers(connection, 1),
    approvals: createApprovals(connection),
    recorder: createRunRecorder(connection),
    names: createPersonNames(connection),
    notifications: createNotificationStore(connection),
    tasks: createTaskStore(connection),
    triggers: createObservedEventTypes(connection),
    notes: createNoteStore(connection),
    counters: createCounterStore(connection),
    ledger: createRunLedger(connection),
    waitingEvents: createWaitingEvents(connection),
    deadLetters: createDeadLetters(connection),
    lifecycle: createLifecycleLog(connection),
    subscriptions: createSubscriptions(connection),
    users: createUserReader(connection),
    applications: createWebhookApplications(connection),
    attempts: createDeliveryAttempts(connection),
    pending: createPendingDeliveries(connection),
    cursors: createDeliveryCursors(connection),
    webhooks: createWorkflowWebhooks(connection),
    close: () => connection.close(),
  };
}
