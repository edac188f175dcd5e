/** Waits minutes, hours or days in a durable timer. The run goes on being `running`: nobody is asked anything. */
import { sleep } from '@temporalio/workflow';
import { spanMilliseconds } from '#libs/domain/action-params.ts';
import { messageOf, PermanentError } from '#libs/domain/errors.ts';
import { shown } from './params.ts';
import type { Params, WaitingStep } from './step.ts';

export const delay: WaitingStep = {
  kind: 'waiting',
  hint: ({ value, unit }) => `${shown(value)} ${shown(unit)}`,
  async perform(params, { run, summary }) {
    const ms = milliseconds(params);
    run.waitsFor(`waits until ${new Date(Date.now() + ms).toISOString()}`);
    // A wait may take days: the run log has to show where the run stands meanwhile.
    await run.flush();
    await sleep(ms, { summary });
    return {};
  },
};

function milliseconds(params: Params): number {
  try {
    return spanMilliseconds(params);
  } catch (error) {
    throw new PermanentError('invalid_params', `delay: ${messageOf(error)}`, { cause: error });
  }
}
