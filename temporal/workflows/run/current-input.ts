/** The input of a run. Its actions and data are those of a request as they were when it went on last. */
import { CancellationScope, proxyLocalActivities } from '@temporalio/workflow';
import { firstRunId, type RunInput } from '#libs/domain/runs/run.ts';
import type { LocalActivities } from '#temporal/contract/activities.ts';
import { recordOptions } from '../activity-options.ts';
import { carried } from './carried-context.ts';

const { renderActions } = proxyLocalActivities<LocalActivities>(recordOptions);

export class CurrentInput {
  #value: RunInput;
  /** The data of a request may be another than when its actions were rendered. */
  #isOutdated: boolean;

  constructor(input: RunInput) {
    this.#value = input;
    this.#isOutdated = input.request !== undefined && input.retry !== undefined;
  }

  get value(): RunInput {
    return this.#value;
  }

  get isOutdated(): boolean {
    return this.#isOutdated;
  }

  /** Time has passed in which the data of a request may have changed. */
  letTimePass(): void {
    this.#isOutdated = this.#value.request !== undefined;
  }

  /**
   * Renders the actions that are left with the data of the request as it is now.
   * @param from index of the first of them
   * @throws what the activity throws
   */
  async renderAgain(from: number): Promise<void> {
    this.#isOutdated = false;
    const { request, context, rule } = this.#value;
    const input = { runId: firstRunId(this.#value), templates: request?.templates ?? [], context: carried(context) };
    const { actions, data } = await CancellationScope.nonCancellable(() =>
      renderActions.executeWithOptions({ summary: 'actions with the data as it is now' }, [input]),
    );
    const left = rule.actions.map((action, index) => (index < from ? action : (actions[index] ?? action)));
    this.#value = { ...this.#value, rule: { ...rule, actions: left }, context: { ...context, data } };
  }
}
