/** Action type → step. A new action is a step and a line here. */
import { approvalAction } from './approval.action.ts';
import { assignToAgent, assignToTeam, handoverToRetention, reassignRoundRobin } from './assign.actions.ts';
import { delay } from './delay.action.ts';
import { freezeAccount, notifyManager, setCustomerActive, setCustomerStatus, setRiskLevel } from './crm.actions.ts';
import { addNote, createTask, incrementManagerCounter } from './record.actions.ts';
import { sendEmail, sendSms } from './message.actions.ts';
import type { ActionHandler } from './action-handler.ts';
import { webhook, webhookSend } from './webhook.action.ts';

const disabled: ActionHandler = { kind: 'disabled' };

const steps = new Map<string, ActionHandler>([
  ['notify.manager', notifyManager],
  ['customer.set_status', setCustomerStatus],
  ['customer.set_risk_level', setRiskLevel],
  ['set_status', setCustomerStatus],
  ['set_customer_active', setCustomerActive],
  ['create_task', createTask],
  ['add_note', addNote],
  ['increment_manager_counter', incrementManagerCounter],
  ['freeze_account', freezeAccount],
  ['assign_to_team', assignToTeam],
  ['assign_to_agent', assignToAgent],
  ['reassign_round_robin', reassignRoundRobin],
  ['handover_to_retention', handoverToRetention],
  ['webhook.send', webhookSend],
  ['webhook', webhook],
  ['send_email', sendEmail],
  ['send_sms', sendSms],
  ['approval.request', approvalAction],
  ['delay', delay],
  ['kyc.require_step', disabled],
  ['kyc.set_required_level', disabled],
]);

export function findHandler(actionType: string): ActionHandler | undefined {
  return steps.get(actionType);
}
