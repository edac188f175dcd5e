/** Actions that write to our own store: local activities, carried out inside the workflow task. */
import { proxyLocalActivities } from '@temporalio/workflow';
import type { LocalActivities } from '#temporal/contract/activities.ts';
import { effectPolicy } from '../policies.ts';
import { optionalInteger, optionalText, requiredKey, shown } from './params.ts';
import { completed, type Step } from './step.ts';

const activities = proxyLocalActivities<LocalActivities>(effectPolicy);

export const notifyManager: Step = {
  hint: ({ manager_id }) => (typeof manager_id === 'number' && manager_id !== 0 ? `manager ${manager_id}` : ''),
  async perform(params, { subject, summary }) {
    const input = {
      ...subject,
      managerId: optionalInteger(params, 'manager_id'),
      title: optionalText(params, 'title'),
      message: optionalText(params, 'message'),
    };
    return completed(await activities.notifyManager.executeWithOptions({ summary }, [input]));
  },
};

export const setCustomerStatus: Step = {
  hint: ({ status }) => shown(status),
  async perform(params, { subject, summary }) {
    const input = { ...subject, status: requiredKey(params, 'status') };
    return completed(await activities.setCustomerStatus.executeWithOptions({ summary }, [input]));
  },
};

export const setRiskLevel: Step = {
  hint: ({ risk_level }) => shown(risk_level),
  async perform(params, { subject, summary }) {
    const input = { ...subject, riskLevel: requiredKey(params, 'risk_level') };
    return completed(await activities.setCustomerRiskLevel.executeWithOptions({ summary }, [input]));
  },
};
