/** What a form for rules has to know, as data: whatever a rule may consist of. */
import { managerRoles } from '#libs/contracts/session.schema.ts';
import { actionCatalog, type ActionParam } from '#libs/domain/actions/action-catalog.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import { fieldsWithStatuses } from '#libs/domain/context/fields.ts';
import type { ObservedEventType } from '#libs/domain/context/observed-event-type.ts';
import { triggerRoots } from '#libs/domain/context/trigger-roots.ts';
import { operators } from '#libs/domain/conditions/operators.ts';
import { knownTriggers } from '#libs/domain/events/triggers.ts';
import type { Session } from '../auth/authenticate.ts';
import { listOwnBrands, buildParamOptions } from './param-options.ts';
import type { NamedRecords } from './named-records.ts';
import type { Registry } from './registry.schema.ts';
import { filterVisible } from './rule-environment.ts';

type TriggerView = Registry['triggers'][number];
type ParamView = Registry['actions'][number]['params'][number];

/** @param records whose brands the session is not for are left out */
export function buildRegistry(
  session: Session,
  records: NamedRecords,
  observed: readonly ObservedEventType[],
): Registry {
  const choices = buildParamOptions(session, records);
  const shown = ({ check: _check, expects: _expects, ...param }: ActionParam): ParamView => ({
    ...param,
    ...(param.refers_to !== undefined && { choices: choices[param.refers_to] }),
  });
  return {
    triggers: [
      ...knownTriggers.map((known) => ({ ...known, roots: triggerRoots(known.name) })),
      ...observed.map(toTriggerView),
    ],
    fields: fieldsWithStatuses(filterVisible(session, records.statuses)),
    operators,
    actions: actionCatalog.map(({ check: _check, doubt: _doubt, params, ...action }) => ({
      ...action,
      params: params.map(shown),
    })),
    brands: listOwnBrands(session, records.groups),
    roles: managerRoles,
  };
}

function toTriggerView({ name, first_seen_at, fields }: ObservedEventType): TriggerView {
  return {
    name,
    source: topics.crm,
    description: `Seen on Kafka first at ${first_seen_at}`,
    fields,
    roots: triggerRoots(name),
  };
}
