/** Makes the collections and their secondary indexes. Each app calls it at its start; repeating it changes nothing. */
import type { Connection } from 'mongoose';
import { apiKeyModel } from './api-key.repository.ts';
import { auditModel, auditOutcomeModel } from './audit.model.ts';
import { approvalModel } from './approval.repository.ts';
import { assignmentModel } from './assignment.repository.ts';
import { rotationModel } from './agent-rotation.repository.ts';
import { activityModel, detectorMarkModel } from './activity.repository.ts';
import { callOutcomeModel } from './call-outcome.repository.ts';
import { decisionModel, decisionPartModel } from './decision.model.ts';
import { evaluatedEventModel } from './evaluated-event.repository.ts';
import { accountModel } from './directory/account.model.ts';
import { customerModel } from './directory/customer.model.ts';
import { directoryChangeModel } from './directory/directory-revision.ts';
import { deskModel, groupModel, managerModel, statusModel, teamModel } from './directory/directory.models.ts';
import { enrolmentModel, runCountModel } from './guard.models.ts';
import { counterAdditionModel } from './manager-counter.repository.ts';
import { noteModel } from './note.repository.ts';
import { endpointModel, templateModel } from './directory/outbound.models.ts';
import { notificationModel } from './notification.repository.ts';
import { observedTriggerModel } from './observed-trigger.repository.ts';
import { partitionMarkModel } from './partition-mark.model.ts';
import { postponedEventModel } from './postponed-event.repository.ts';
import { revisionModel } from './revision.model.ts';
import { ruleChangeModel } from './rule-change.model.ts';
import { ruleModel } from './rule.model.ts';
import { ruleVersionModel } from './rule-version.model.ts';
import { runModel } from './run.model.ts';
import { storeErrorOf } from './store-error.ts';
import { taskModel } from './task.repository.ts';
import { waitingEventModel } from './waiting-event.repository.ts';

interface IndexedModel {
  createCollection(): Promise<unknown>;
  createIndexes(): Promise<unknown>;
}

/** @throws RetryableError `store_unavailable` */
export async function ensureIndexes(connection: Connection): Promise<void> {
  const models: IndexedModel[] = [
    runModel(connection),
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
    observedTriggerModel(connection),
    partitionMarkModel(connection),
    postponedEventModel(connection),
    ruleModel(connection),
    ruleChangeModel(connection),
    ruleVersionModel(connection),
    revisionModel(connection),
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
    enrolmentModel(connection),
    runCountModel(connection),
    waitingEventModel(connection),
  ];
  try {
    for (const model of models) {
      await model.createCollection();
      await model.createIndexes();
    }
  } catch (error) {
    throw storeErrorOf(error);
  }
}
