/** Makes the collections and their secondary indexes. Each app calls it at its start; repeating it changes nothing. */
import type { Connection } from 'mongoose';
import { apiKeyModel } from '../access/api-key.repository.ts';
import { auditModel, auditOutcomeModel } from '../access/audit.model.ts';
import { approvalModel } from '../approvals/approval.repository.ts';
import { assignmentModel } from '../crm/assignment.repository.ts';
import { rotationModel } from '../crm/agent-rotation.repository.ts';
import { activityModel, detectorMarkModel } from '../events/customer-activity.repository.ts';
import { bulkOperationModel } from '../runs/bulk-operation.repository.ts';
import { bulkOutcomeModel } from '../runs/bulk-outcome.repository.ts';
import { callOutcomeModel } from '../runs/call-outcome.repository.ts';
import { deadLetterModel } from '../events/dead-letter.repository.ts';
import { decisionModel, decisionPartModel } from '../runs/decision.model.ts';
import { evaluatedEventModel } from '../runs/evaluated-event.repository.ts';
import { accountModel } from '../directory/account.model.ts';
import { customerModel } from '../directory/customer.model.ts';
import { directoryChangeModel } from '../directory/directory-revision.ts';
import { deskModel, groupModel, managerModel, statusModel, teamModel } from '../directory/directory.models.ts';
import { reEnrollmentModel, runQuotaModel } from '../admission/admission.models.ts';
import { counterAdditionModel } from '../crm/manager-counter.repository.ts';
import { lifecycleEventModel, lifecycleTopicModel } from '../lifecycle/lifecycle-log.repository.ts';
import { noteModel } from '../crm/note.repository.ts';
import { endpointModel, templateModel } from '../directory/outbound.models.ts';
import { notificationModel } from '../crm/notification.repository.ts';
import { observedEventTypeModel } from '../events/observed-event-type.repository.ts';
import { partitionWatermarkModel } from '../runs/partition-watermark.model.ts';
import { postponedEventModel } from '../events/postponed-event.repository.ts';
import { counterModel } from './counter.model.ts';
import { revisionModel } from './revision.model.ts';
import { ruleChangeModel } from '../rules/rule-change.model.ts';
import { ruleModel } from '../rules/rule.model.ts';
import { processNumberModel } from '../rules/process.repository.ts';
import { ruleVersionModel } from '../rules/rule-version.model.ts';
import { runDataModel } from '../runs/run-data.repository.ts';
import { runModel } from '../runs/run.model.ts';
import { deliveryAttemptModel } from '../subscriptions/delivery-attempt.repository.ts';
import { deliveryCursorModel } from '../subscriptions/delivery-cursor.repository.ts';
import { pendingDeliveryModel } from '../subscriptions/pending-delivery.repository.ts';
import { subscriptionModel } from '../subscriptions/subscription.repository.ts';
import { toStoreError } from './store-error.ts';
import { taskModel } from '../crm/task.repository.ts';
import { webhookClaimModel, webhookPublicationModel } from '../workflow-webhooks/webhook-claim.repository.ts';
import { workflowWebhookModel } from '../workflow-webhooks/workflow-webhook.repository.ts';
import { waitingEventModel } from '../events/waiting-event.repository.ts';

interface IndexedModel {
  createCollection(): Promise<unknown>;
  createIndexes(): Promise<unknown>;
}

/** @throws RetryableError `store_unavailable` */
export async function ensureIndexes(connection: Connection): Promise<void> {
  const models: IndexedModel[] = [
    runModel(connection),
    runDataModel(connection),
    bulkOperationModel(connection),
    bulkOutcomeModel(connection),
    apiKeyModel(connection),
    auditModel(connection),
    auditOutcomeModel(connection),
    approvalModel(connection),
    activityModel(connection),
    detectorMarkModel(connection),
    callOutcomeModel(connection),
    decisionModel(connection),
    decisionPartModel(connection),
    evaluatedEventModel(connection),
    observedEventTypeModel(connection),
    partitionWatermarkModel(connection),
    postponedEventModel(connection),
    deadLetterModel(connection),
    ruleModel(connection),
    ruleChangeModel(connection),
    ruleVersionModel(connection),
    revisionModel(connection),
    counterModel(connection),
    processNumberModel(connection),
    groupModel(connection),
    accountModel(connection),
    customerModel(connection),
    directoryChangeModel(connection),
    managerModel(connection),
    teamModel(connection),
    deskModel(connection),
    statusModel(connection),
    templateModel(connection),
    endpointModel(connection),
    notificationModel(connection),
    taskModel(connection),
    noteModel(connection),
    counterAdditionModel(connection),
    assignmentModel(connection),
    rotationModel(connection),
    reEnrollmentModel(connection),
    runQuotaModel(connection),
    waitingEventModel(connection),
    lifecycleEventModel(connection),
    lifecycleTopicModel(connection),
    subscriptionModel(connection),
    deliveryAttemptModel(connection),
    pendingDeliveryModel(connection),
    deliveryCursorModel(connection),
    workflowWebhookModel(connection),
    webhookClaimModel(connection),
    webhookPublicationModel(connection),
  ];
  try {
    for (const model of models) {
      await model.createCollection();
      await model.createIndexes();
    }
  } catch (error) {
    throw toStoreError(error);
  }
}
