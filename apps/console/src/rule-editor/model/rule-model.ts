/** A rule as the form edits it: conditions and actions as nodes with ids, everything else as it is written. */
import { fitsForm, isObject, newId, readTree, writeTree, type JsonObject } from './condition-tree.ts';
import type { Root } from './tree-edits.ts';

export interface EditorAction {
  id: string;
  type: string;
  /** Left out: it says none. */
  params?: JsonObject | null;
}

/** What is no action; it stays as it was written. */
export interface OddAction {
  id: string;
  written: unknown;
}

export interface EditorRule {
  /** Every member but those below. */
  head: JsonObject;
  /** `large`: more than the form can show, as it is written. */
  conditions: { root: Root } | { large: unknown };
  actions: (EditorAction | OddAction)[];
  /** Whether the rule has a list of actions, though it may be empty. */
  hasActions: boolean;
}

/** What the form shows of a rule, in the order in which a rule is read; other members come last. */
export const ruleMembers: readonly string[] = [
  'id',
  'name',
  'description',
  'brand',
  'trigger_event',
  'priority',
  'stop_after',
  'status',
  're_enroll',
  'limit',
  'process',
  'conditions',
  'actions',
];

const serverSet = ['version', 'created_at', 'updated_at', 'archived_at', 'created_by', 'updated_by'];

/** What a person writes of a stored rule. */
export function withoutServerMembers(rule: object): JsonObject {
  return Object.fromEntries(Object.entries(rule).filter(([name]) => !serverSet.includes(name)));
}

export function readRule(rule: JsonObject): EditorRule {
  const { conditions, actions, ...head } = rule;
  const isList = Array.isArray(actions);
  if (!isList && 'actions' in rule) head['actions'] = actions;
  if (conditions === null) head['conditions'] = null;
  return {
    head,
    conditions: readConditions(conditions),
    actions: isList ? (actions as unknown[]).map(readAction) : [],
    hasActions: isList,
  };
}

function readConditions(conditions: unknown): EditorRule['conditions'] {
  if (conditions === undefined || conditions === null) return { root: null };
  return fitsForm(conditions) ? { root: readTree(conditions) } : { large: conditions };
}

function readAction(written: unknown): EditorAction | OddAction {
  const id = newId();
  if (!isObject(written)) return { id, written };
  const { type, params } = written;
  const isPlain = Object.keys(written).every((name) => name === 'type' || name === 'params');
  if (!isPlain || typeof type !== 'string') return { id, written };
  if (params === undefined) return { id, type };
  return params === null || isObject(params) ? { id, type, params } : { id, written };
}

export function writeRule({ head, conditions, actions, hasActions }: EditorRule): JsonObject {
  const rule: JsonObject = { ...head };
  if ('large' in conditions) rule['conditions'] = conditions.large;
  else if (conditions.root !== null) rule['conditions'] = writeTree(conditions.root);
  if (hasActions || actions.length > 0) rule['actions'] = actions.map(writeAction);
  const rank = (name: string): number => (ruleMembers.includes(name) ? ruleMembers.indexOf(name) : ruleMembers.length);
  return Object.fromEntries(Object.entries(rule).sort(([a], [b]) => rank(a) - rank(b)));
}

function writeAction(action: EditorAction | OddAction): unknown {
  if ('written' in action) return action.written;
  const { type, params } = action;
  return params === undefined ? { type } : { type, params };
}
