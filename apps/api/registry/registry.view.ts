/** What a form for rules has to know, as data: whatever a rule may consist of. */
import { managerRoles } from '#libs/contracts/session.schema.ts';
import { actionCatalog, type ActionParam, type ActionType } from '#libs/domain/actions/action-catalog.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import { fieldsWithStatuses, type FieldSchema } from '#libs/domain/context/fields.ts';
import type { ObservedField, ObservedEventType } from '#libs/domain/context/observed-event-type.ts';
import { operators, type OperatorInfo } from '#libs/domain/conditions/operators.ts';
import { knownTriggers, type TriggerInfo } from '#libs/domain/events/triggers.ts';
import type { Session } from '../auth/authenticate.ts';
import { listOwnBrands, buildParamOptions, type ParamOption } from './param-options.ts';
import type { NamedRecords } from './named-records.ts';
import { filterVisible } from './rule-environment.ts';

export interface Registry {
  triggers: TriggerView[];
  fields: FieldSchema[];
  operators: readonly OperatorInfo[];
  actions: ActionView[];
  /** That rules may be for. */
  brands: string[];
  /** That approvals may ask. */
  roles: readonly string[];
}

/** `fields`: of one that was observed, what its first event carried beyond the fields that are known anyway. */
type TriggerView = TriggerInfo & { fields?: ObservedField[] };
/** `choices`: of one that names a record of the directory, those there are; another text is no issue by itself. */
type ParamView = Omit<ActionParam, 'check'> & { choices?: ParamOption[] };
type ActionView = Omit<ActionType, 'params' | 'check'> & { params: ParamView[] };

/** @param records whose brands the session is not for are left out */
export function buildRegistry(
  session: Session,
  records: NamedRecords,
  observed: readonly ObservedEventType[],
): Registry {
  const choices = buildParamOptions(session, records);
  const shown = ({ check: _check, ...param }: ActionParam): ParamView => ({
    ...param,
    ...(param.refers_to !== undefined && { choices: choices[param.refers_to] }),
  });
  return {
    triggers: [...knownTriggers, ...observed.map(toTriggerView)],
    fields: fieldsWithStatuses(filterVisible(session, records.statuses)),
    operators,
    actions: actionCatalog.map(({ check: _check, params, ...action }) => ({ ...action, params: params.map(shown) })),
    brands: listOwnBrands(session, records.groups),
    roles: managerRoles,
  };
}

function toTriggerView({ name, first_seen_at, fields }: ObservedEventType): TriggerView {
  return { name, source: topics.crm, description: `Seen on Kafka first at ${first_seen_at}`, fields };
}
