/** Actions that rules may hold and that are not carried out: the chain passes over them. */
import type { Step } from './step.ts';

export const disabled: Step = {
  perform: () => Promise.resolve({ status: 'skipped', attempts: 0, detail: 'action_disabled' }),
};
