/** Actions that write to our own store. */
import { optionalInteger, optionalText, requiredKey, shown } from './params.ts';
import type { EffectStep } from './step.ts';

export const notifyManager: EffectStep = {
  kind: 'effect',
  hint: ({ manager_id }) => (typeof manager_id === 'number' && manager_id !== 0 ? `manager ${manager_id}` : ''),
  effect: (params, subject) => ({
    activity: 'notifyManager',
    input: {
      ...subject,
      managerId: optionalInteger(params, 'manager_id'),
      title: optionalText(params, 'title'),
      message: optionalText(params, 'message'),
    },
  }),
};

export const setCustomerStatus: EffectStep = {
  kind: 'effect',
  hint: ({ status }) => shown(status),
  effect: (params, subject) => ({
    activity: 'setCustomerStatus',
    input: { ...subject, status: requiredKey(params, 'status') },
  }),
};

export const setRiskLevel: EffectStep = {
  kind: 'effect',
  hint: ({ risk_level }) => shown(risk_level),
  effect: (params, subject) => ({
    activity: 'setCustomerRiskLevel',
    input: { ...subject, riskLevel: requiredKey(params, 'risk_level') },
  }),
};
