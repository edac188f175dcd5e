/** Waits minutes, hours or days in a durable timer. The run goes on being `running`: nobody is asked anything. */
import { sleep } from '@temporalio/workflow';
import { invalid, optionalInteger, shown } from './params.ts';
import type { Params, Step } from './step.ts';

const minute = 60_000;
const units: Record<string, number> = { minutes: minute, hours: 60 * minute, days: 24 * 60 * minute };

export const delay: Step = {
  hint: ({ value, unit }) => `${shown(value)} ${shown(unit)}`,
  async perform(params, { run, summary }) {
    const ms = delayMs(params);
    run.waitsFor(`until ${new Date(Date.now() + ms).toISOString()}`);
    // A wait may take days: the run log has to show where the run stands meanwhile.
    await run.flush();
    await sleep(ms, { summary });
    return { status: 'completed', attempts: 1 };
  },
};

function delayMs(params: Params): number {
  const value = optionalInteger(params, 'value');
  if (value === null || value < 1) throw invalid('value', 'an integer of at least 1');
  const { unit } = params;
  const factor = typeof unit === 'string' && Object.hasOwn(units, unit) ? units[unit] : undefined;
  if (factor === undefined) throw invalid('unit', Object.keys(units).join(', '));
  return value * factor;
}
