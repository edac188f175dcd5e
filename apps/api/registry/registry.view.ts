/** What a form for rules has to know, as data: whatever a rule may consist of. */
import { actionCatalog, type ActionParam, type ActionType } from '#libs/domain/action-catalog.ts';
import type { Status } from '#libs/domain/directory.ts';
import { fieldsWithStatuses, type FieldSchema } from '#libs/domain/fields.ts';
import { operators, type OperatorInfo } from '#libs/domain/operators.ts';
import { knownTriggers, type TriggerInfo } from '#libs/domain/triggers.ts';

export interface Registry {
  triggers: readonly TriggerInfo[];
  fields: FieldSchema[];
  operators: readonly OperatorInfo[];
  actions: ActionView[];
}

type ParamView = Omit<ActionParam, 'check'>;
type ActionView = Omit<ActionType, 'params' | 'check'> & { params: ParamView[] };

/** @param statuses those of the brands that the caller may see */
export function registryOf(statuses: readonly Status[]): Registry {
  const actions = actionCatalog.map(({ check: _check, params, ...action }) => ({
    ...action,
    params: params.map(shown),
  }));
  return { triggers: knownTriggers, fields: fieldsWithStatuses(statuses), operators, actions };
}

function shown({ check: _check, ...param }: ActionParam): ParamView {
  return param;
}
