import type { Connection } from 'mongoose';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { BatchingProducer } from '#libs/kafka/producer.ts';
import { topicName, type TopicSettings } from '#libs/kafka/topics.ts';
import { CrmPublisher } from '#libs/lifecycle/crm-publisher.ts';
import { LifecyclePublisher } from '#libs/lifecycle/publisher.ts';
import { createApprovals } from '#libs/store/approvals/approval.repository.ts';
import { createAgentRotation } from '#libs/store/crm/agent-rotation.repository.ts';
import { createAssignmentStore } from '#libs/store/crm/assignment.repository.ts';
import { createCounterStore } from '#libs/store/crm/manager-counter.repository.ts';
import { createNoteStore } from '#libs/store/crm/note.repository.ts';
import { createNotificationStore } from '#libs/store/crm/notification.repository.ts';
import { createTaskStore } from '#libs/store/crm/task.repository.ts';
import { createDirectory } from '#libs/store/directory/directory.ts';
import { createRunData } from '#libs/store/runs/run-data.repository.ts';
import { createRunRecorder } from '#libs/store/runs/run-recorder.ts';
import type { LocalPorts } from '#temporal/activities/create-activities.ts';

/**
 * What the local activities of a worker read, write and publish.
 * @param customerAccountsMax accounts a customer may have; left out: the default of CUSTOMER_ACCOUNTS_MAX
 */
export function createLocalPorts(
  store: Connection,
  producer: BatchingProducer,
  settings: TopicSettings,
  customerAccountsMax?: number,
) {
  return {
    directory: createDirectory(store, customerAccountsMax),
    notifications: createNotificationStore(store),
    tasks: createTaskStore(store),
    notes: createNoteStore(store),
    counters: createCounterStore(store),
    approvals: createApprovals(store),
    assignments: createAssignmentStore(store),
    rotation: createAgentRotation(store),
    runs: createRunRecorder(store),
    runData: createRunData(store),
    crm: new CrmPublisher(producer, topicName(settings, topics.crm)),
    lifecycle: new LifecyclePublisher(producer, topicName(settings, topics.lifecycle)),
  } satisfies Omit<LocalPorts, 'runContext'>;
}
