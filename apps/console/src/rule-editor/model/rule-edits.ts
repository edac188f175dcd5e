/** Changes of a rule beyond its tree of conditions. Each gives a new rule. */
import { newId, type JsonObject } from './condition-tree.ts';
import type { EditorAction, EditorRule, OddAction } from './rule-model.ts';
import type { Root } from './tree-edits.ts';

/** @param value undefined: the rule says nothing of it */
export function setMember(rule: EditorRule, name: string, value: unknown): EditorRule {
  return { ...rule, head: withMember(rule.head, name, value) };
}

export function withMember(object: JsonObject, name: string, value: unknown): JsonObject {
  if (value !== undefined) return { ...object, [name]: value };
  const { [name]: _before, ...others } = object;
  return others;
}

export function setRoot(rule: EditorRule, root: Root): EditorRule {
  const { conditions: _written, ...head } = rule.head;
  return { ...rule, head, conditions: { root } };
}

export function newAction(type: string, params: JsonObject): EditorAction {
  return { id: newId(), type, params };
}

export function addAction(rule: EditorRule, action: EditorAction): EditorRule {
  const { actions: _written, ...head } = rule.head;
  return { ...rule, head, actions: [...rule.actions, action], hasActions: true };
}

export function removeAction(rule: EditorRule, id: string): EditorRule {
  return { ...rule, actions: rule.actions.filter((one) => one.id !== id) };
}

/** @returns the rule, and the id of the copy */
export function duplicateAction(rule: EditorRule, id: string): { rule: EditorRule; id: string } {
  const copyId = newId();
  const actions = rule.actions.flatMap((one) => (one.id === id ? [one, { ...one, id: copyId }] : [one]));
  return { rule: { ...rule, actions }, id: copyId };
}

export function canMoveAction({ actions }: EditorRule, id: string, direction: 'up' | 'down'): boolean {
  const at = actions.findIndex((one) => one.id === id);
  return at !== -1 && actions[direction === 'up' ? at - 1 : at + 1] !== undefined;
}

export function moveAction(rule: EditorRule, id: string, direction: 'up' | 'down'): EditorRule {
  if (!canMoveAction(rule, id, direction)) return rule;
  const at = rule.actions.findIndex((one) => one.id === id);
  const moved = [...rule.actions];
  const [action] = moved.splice(at, 1);
  if (action !== undefined) moved.splice(direction === 'up' ? at - 1 : at + 1, 0, action);
  return { ...rule, actions: moved };
}

/** @param value undefined: the action says nothing of it */
export function setParam(rule: EditorRule, id: string, name: string, value: unknown): EditorRule {
  const change = (action: EditorAction | OddAction): EditorAction | OddAction =>
    action.id === id && 'type' in action ? { ...action, params: withMember(action.params ?? {}, name, value) } : action;
  return { ...rule, actions: rule.actions.map(change) };
}
