/** Requests for backtests. */
import { z } from 'zod';
import { ruleExample, ruleInput } from './rule-input.ts';

/** Further back is hardly kept, and takes long. */
const maxDays = 90;

export const backtestDays = z
  .int('must be a whole number')
  .min(1, 'must be 1 or more')
  .max(maxDays, `must be ${maxDays} or less`);

/** Of the stored versions, the one to say the difference to; left out: the latest; null: none. */
const version = z.int('must be a whole number').min(1, 'must be 1 or more');

export const backtestBody = z
  .strictObject({ rule: ruleInput, days: backtestDays.default(7), against: version.nullish() })
  .meta({ examples: [{ rule: ruleExample, days: 7 }] });

export type BacktestBody = z.output<typeof backtestBody>;
