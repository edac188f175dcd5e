/**
 * What actions change, told from a rule alone: the field each sets, the triggers of the events it publishes
 * (`temporal/activities`), and what is true when such an event arrives. A new action that changes something is an entry
 * in `action-catalog.ts` and one here.
 */
import { retentionDesk, type Status, type StatusKind } from '../directory/directory.ts';
import { isJsonObject } from '../json/json-object.ts';
import { mayHoldTemplate } from '../templates/template.ts';
import type { RuleAction } from '../rules/rule.ts';
import { statusesNamed } from '../directory/find-statuses.ts';

type Scalar = string | number | boolean;

export interface ActionEffect {
  emits: readonly string[];
  /** The one field that two rules may set differently; null value: only the run knows it. */
  write: { field: string; value: Scalar | null } | null;
  /** Fields of an event it publishes. */
  facts: Readonly<Record<string, Scalar>>;
}

type Params = Record<string, unknown>;
type EffectOf = (params: Params, statuses: readonly Status[]) => ActionEffect;

const setStatus: EffectOf = (params, statuses) => {
  const kind: StatusKind = params['kind'] === 'kyc' ? 'kyc' : 'sales';
  const field = `customer.${kind}_status`;
  const status = literal(params['status']);
  const { code, id } = status === null ? {} : namedStatus(status, kind, statuses);
  return {
    emits: ['customer.status_changed'],
    write: { field, value: code ?? id ?? null },
    facts: known({
      'event.kind': kind,
      'event.status': code,
      'event.status_id': id,
      [field]: code,
      [`${field}_id`]: id,
    }),
  };
};

const createTask: EffectOf = ({ type, due_in }) => ({
  // The detector publishes the overdue ones.
  emits: isJsonObject(due_in) ? ['task.created', 'task.overdue'] : ['task.created'],
  write: null,
  facts: known({ 'event.type': literal(type) }),
});

type Target = 'agent' | 'team' | 'desk';

const assigned =
  (targetOf: (params: Params) => [Target, unknown]): EffectOf =>
  (params) => {
    const [target, which] = targetOf(params);
    const value = literal(which);
    return {
      emits: ['customer.assigned'],
      write: { field: 'customer.assigned_manager_id', value: value === null ? null : `${target} ${String(value)}` },
      facts: known(Object.fromEntries(readAssignments[target].map((path) => [path, value]))),
    };
  };

const readAssignments: Record<Target, readonly string[]> = {
  agent: ['event.manager_id'],
  team: ['event.team_id', 'customer.team_id'],
  desk: ['event.desk', 'customer.desk'],
};

const toTeam = assigned(({ team_id }) => ['team', team_id]);

const emitting =
  (trigger: string): EffectOf =>
  () => ({ emits: [trigger], write: null, facts: {} });

const setField =
  (trigger: string, name: string): EffectOf =>
  (params) => {
    const value = literal(params[name]);
    const field = `customer.${name}`;
    return { emits: [trigger], write: { field, value }, facts: known({ [`event.${name}`]: value, [field]: value }) };
  };

const table: ReadonlyMap<string, EffectOf> = new Map([
  ['customer.set_status', (params, statuses) => setStatus({ ...params, kind: 'sales' }, statuses)],
  ['set_status', setStatus],
  ['customer.set_risk_level', setField('customer.risk_changed', 'risk_level')],
  ['set_customer_active', setField('customer.active_changed', 'active')],
  ['assign_to_team', toTeam],
  ['reassign_round_robin', toTeam],
  [
    'assign_to_agent',
    assigned(({ agent_id, agent }) => (agent_id === undefined ? ['desk', agent] : ['agent', agent_id])),
  ],
  ['handover_to_retention', assigned(() => ['desk', retentionDesk])],
  ['create_task', createTask],
  ['add_note', emitting('note.added')],
  ['freeze_account', emitting('account.frozen')],
]);

/** For tests. */
export const actionsWithEffects: readonly string[] = [...table.keys()];

/** @returns null for an action that changes nothing rules could follow */
export function toActionEffect({ type, params }: RuleAction, statuses: readonly Status[]): ActionEffect | null {
  return table.get(type)?.(params, statuses) ?? null;
}

/** Null for what only the run knows. */
function literal(value: unknown): Scalar | null {
  if (typeof value === 'string') return mayHoldTemplate(value) ? null : value;
  return typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

/** As far as it is the same for every brand. A status that is not there yet is named by its code, a number is an id. */
function namedStatus(
  wanted: Scalar,
  kind: StatusKind,
  statuses: readonly Status[],
): { code?: string | undefined; id?: string | number | undefined } {
  if (typeof wanted === 'boolean') return {};
  const found = statusesNamed(
    statuses.filter(({ type }) => type === kind),
    wanted,
  );
  if (found.length === 0) return typeof wanted === 'string' ? { code: wanted } : { id: wanted };
  return { code: common(found.map(({ code }) => code)), id: common(found.map(({ id }) => id)) };
}

function common<T>([first, ...others]: readonly T[]): T | undefined {
  return others.every((other) => other === first) ? first : undefined;
}

function known(facts: Record<string, Scalar | null | undefined>): Record<string, Scalar> {
  return Object.fromEntries(
    Object.entries(facts).filter((entry): entry is [string, Scalar] => entry[1] !== null && entry[1] !== undefined),
  );
}
