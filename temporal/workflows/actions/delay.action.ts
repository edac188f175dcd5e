/** Waits minutes, hours or days in a durable timer. The run stays `running`. */
import { CancellationScope, condition, sleep } from '@temporalio/workflow';
import { spanMilliseconds } from '#libs/domain/values/duration.ts';
import { messageOf, PermanentError } from '#libs/domain/errors/errors.ts';
import { shown } from './read-params.ts';
import type { Params, RunContext, WaitingHandler } from './action-handler.ts';

export const delay: WaitingHandler = {
  kind: 'waiting',
  takesTime: true,
  hint: ({ value, unit }) => `${shown(value)} ${shown(unit)}`,
  async perform(params, { run, summary }) {
    const ms = milliseconds(params);
    run.waitsFor(`waits until ${new Date(Date.now() + ms).toISOString()}`);
    // A wait may take days: the run log has to show where the run stands meanwhile.
    await run.saveProgress();
    await showingPauses(sleep(ms, { summary }), run);
    return {};
  },
};

/** An operator who pauses the run meanwhile sees at once that it is so, though it takes effect before the next action. */
async function showingPauses(wait: Promise<void>, run: RunContext): Promise<void> {
  const over = wait.then(() => true);
  for (;;) {
    const shown = run.pausedBy;
    const watch = new CancellationScope();
    const changed = watch.run(() => condition(() => run.pausedBy !== shown)).then(() => false);
    // Cancelled together with the run, or when the wait is over.
    changed.catch(() => undefined);
    if (await Promise.race([over, changed])) return watch.cancel();
    await run.showPause();
  }
}

function milliseconds(params: Params): number {
  try {
    return spanMilliseconds(params);
  } catch (error) {
    throw new PermanentError('invalid_params', `delay: ${messageOf(error)}`, { cause: error });
  }
}
