/** What the search attribute `RunState` says of the run. */
import { upsertSearchAttributes } from '@temporalio/workflow';
import { searchAttributes } from '#temporal/contract/names.ts';

export class ShownState {
  #shown: 'paused' | null = null;

  /** Only what Temporal's own status does not say: each change costs its server two writes. */
  show(state: 'paused' | null): void {
    if (state === this.#shown) return;
    this.#shown = state;
    upsertSearchAttributes([{ key: searchAttributes.runState, value: state }]);
  }
}
