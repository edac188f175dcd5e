/** Actions that notify managers and change customers and accounts. */
import { statusKinds, type StatusKind } from '#libs/domain/directory/directory.ts';
import { invalid, optionalInteger, optionalText, requiredBoolean, requiredKey, shown } from './read-params.ts';
import type { StateChangeHandler, Params } from './action-handler.ts';

export const notifyManager: StateChangeHandler = {
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

/** `customer.set_status` has no `kind`: it sets the sales status. */
export const setCustomerStatus: StateChangeHandler = {
  kind: 'effect',
  hint: ({ kind, status }) => (kind === 'kyc' ? `kyc ${shown(status)}` : shown(status)),
  effect: (params, subject) => ({
    activity: 'setCustomerStatus',
    input: { ...subject, kind: statusKind(params), status: requiredKey(params, 'status') },
  }),
};

export const setRiskLevel: StateChangeHandler = {
  kind: 'effect',
  hint: ({ risk_level }) => shown(risk_level),
  effect: (params, subject) => ({
    activity: 'setCustomerRiskLevel',
    input: { ...subject, riskLevel: requiredKey(params, 'risk_level') },
  }),
};

export const setCustomerActive: StateChangeHandler = {
  kind: 'effect',
  hint: ({ active }) => (active === true ? 'on' : 'off'),
  effect: (params, subject) => ({
    activity: 'setCustomerActive',
    input: { ...subject, active: requiredBoolean(params, 'active') },
  }),
};

export const freezeAccount: StateChangeHandler = {
  kind: 'effect',
  effect: (params, subject) => ({
    activity: 'freezeAccount',
    input: { ...subject, reason: optionalText(params, 'reason') },
  }),
};

function statusKind({ kind = 'sales' }: Params): StatusKind {
  const known = statusKinds.find((one) => one === kind);
  if (known === undefined) throw invalid('kind', `one of ${statusKinds.join(', ')}`);
  return known;
}
