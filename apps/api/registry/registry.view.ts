/** What a form for rules has to know, as data: whatever a rule may consist of. */
import { actionCatalog, type ActionParam, type ActionType } from '#libs/domain/action-catalog.ts';
import { topics } from '#libs/domain/event.ts';
import type { Status } from '#libs/domain/directory.ts';
import { fieldsWithStatuses, type FieldSchema } from '#libs/domain/fields.ts';
import type { ObservedField, ObservedTrigger } from '#libs/domain/observed-trigger.ts';
import { operators, type OperatorInfo } from '#libs/domain/operators.ts';
import { knownTriggers, type TriggerInfo } from '#libs/domain/triggers.ts';

export interface Registry {
  triggers: TriggerView[];
  fields: FieldSchema[];
  operators: readonly OperatorInfo[];
  actions: ActionView[];
}

/** `fields`: of one that was observed, what its first event carried beyond the fields that are known anyway. */
type TriggerView = TriggerInfo & { fields?: ObservedField[] };
type ParamView = Omit<ActionParam, 'check'>;
type ActionView = Omit<ActionType, 'params' | 'check'> & { params: ParamView[] };

/** @param statuses those of the brands that the caller may see */
export function registryOf(statuses: readonly Status[], observed: readonly ObservedTrigger[]): Registry {
  const actions = actionCatalog.map(({ check: _check, params, ...action }) => ({
    ...action,
    params: params.map(shown),
  }));
  return {
    triggers: [...knownTriggers, ...observed.map(triggerOf)],
    fields: fieldsWithStatuses(statuses),
    operators,
    actions,
  };
}

function triggerOf({ name, first_seen_at, fields }: ObservedTrigger): TriggerView {
  return { name, source: topics.crm, description: `Seen on Kafka first at ${first_seen_at}`, fields };
}

function shown({ check: _check, ...param }: ActionParam): ParamView {
  return param;
}
