/** Parameters of actions that are objects, in words. Each answers null for what it does not know whole. */
import { wordFor } from '../shared/rule/rule-words.ts';
import type { RuleWords } from '../shared/rule/spoken-words.ts';

/** @returns such as "2 days" */
export function spokenSpan(value: unknown, { units }: Pick<RuleWords, 'units'>): string | null {
  if (!isObject(value) || Object.keys(value).length !== 2) return null;
  const { value: count, unit } = value;
  const names = typeof unit === 'string' && Object.hasOwn(units, unit) ? units[unit] : undefined;
  return typeof count === 'number' && names !== undefined ? `${count} ${names[count === 1 ? 0 : 1]}` : null;
}

/** @returns such as "a manager, bert" */
export function spokenApprovers(
  value: unknown,
  { roles }: Pick<RuleWords, 'roles'>,
  managerOfCustomer: string,
): string | null {
  if (!isObject(value)) return null;
  const { roles: asked = [], users = [], manager_of_customer: manager = false, ...others } = value;
  if (!isList(asked) || !isList(users) || typeof manager !== 'boolean' || Object.keys(others).length > 0) return null;
  const all = [...asked.map((role) => wordFor(roles, role)), ...users, ...(manager ? [managerOfCustomer] : [])];
  return all.length === 0 ? null : all.join(', ');
}

function isList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
