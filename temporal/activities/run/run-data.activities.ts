/** What a run does about the data of its request: saves what answers bring along, and says its actions anew with it. */
import { compileActions } from '#libs/domain/actions/render-actions.ts';
import type { RuntimeContext } from '#libs/domain/context/evaluation-context.ts';
import { withData, type RunDataStore } from '#libs/domain/context/run-data.ts';
import type { RenderActionsInput, RenderedActions, SaveRunDataInput } from '#temporal/contract/activities.ts';

export interface RunDataPorts {
  runData: RunDataStore;
  /** What the run under way was decided on, with its data as it is now. */
  runContext: () => Promise<RuntimeContext>;
}

export function saveRunDataActivity({ runData }: Pick<RunDataPorts, 'runData'>) {
  return ({ runId, values, key }: SaveRunDataInput): Promise<void> => runData.save(runId, values, key);
}

export function renderActionsActivity({ runData, runContext }: RunDataPorts) {
  return async ({ runId, templates, context: decidedOn }: RenderActionsInput): Promise<RenderedActions> => {
    const context = decidedOn === null ? await runContext() : withData(decidedOn, await runData.changes(runId));
    const actions = compileActions(templates)?.(context) ?? templates;
    return { actions, data: context.data ?? {} };
  };
}
