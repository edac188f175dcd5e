/** Conditions as a tree of nodes with ids, so that a form can follow a node while it moves. Nothing is lost or made nicer. */

export type JsonObject = Record<string, unknown>;

export interface GroupNode {
  id: string;
  kind: 'group';
  match: 'all' | 'any';
  children: TreeNode[];
  /** The root alone: written as a flat list, which means all of them. */
  isList?: true;
}

export interface NotNode {
  id: string;
  kind: 'not';
  child: TreeNode;
}

export interface PredicateNode {
  id: string;
  kind: 'predicate';
  field: string;
  operator: string;
  /** Left out: the condition says none. */
  value?: unknown;
}

/** What no form can show, such as a member that does not belong there. It stays as it was written. */
export interface OddNode {
  id: string;
  kind: 'odd';
  written: unknown;
}

export type TreeNode = GroupNode | NotNode | PredicateNode | OddNode;

/** More than this is shown as text alone. */
export const treeLimits = { levels: 12, nodes: 500 } as const;

let latest = 0;
export function newId(): string {
  latest += 1;
  return `n${latest}`;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @returns whether a form can show the conditions; walks without recursion, whatever their depth */
export function fitsForm(conditions: unknown): boolean {
  const pending: { value: unknown; level: number }[] = [{ value: conditions, level: 1 }];
  let nodes = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, level } = next;
    nodes += 1;
    if (nodes > treeLimits.nodes || level > treeLimits.levels) return false;
    const inner = Array.isArray(value) && level === 1 ? value : innerOf(value);
    for (const one of inner as unknown[]) pending.push({ value: one, level: level + 1 });
  }
  return true;
}

function innerOf(value: unknown): unknown[] {
  if (!isObject(value)) return [];
  if (Array.isArray(value['rules'])) return value['rules'];
  return 'not' in value ? [value['not']] : [];
}

/** @param conditions of a rule that `fitsForm` */
export function readTree(conditions: unknown): TreeNode {
  if (!Array.isArray(conditions)) return readNode(conditions);
  return { id: newId(), kind: 'group', match: 'all', children: conditions.map(readNode), isList: true };
}

function readNode(written: unknown): TreeNode {
  const id = newId();
  const odd: OddNode = { id, kind: 'odd', written };
  if (!isObject(written)) return odd;
  const hasOnly = (...names: string[]): boolean => Object.keys(written).every((name) => names.includes(name));
  const { match, rules, not, field, operator, value } = written;
  if ('not' in written) return hasOnly('not') ? { id, kind: 'not', child: readNode(not) } : odd;
  if (Array.isArray(rules) && (match === 'all' || match === 'any') && hasOnly('match', 'rules')) {
    return { id, kind: 'group', match, children: rules.map(readNode) };
  }
  if (typeof field === 'string' && typeof operator === 'string' && hasOnly('field', 'operator', 'value')) {
    return { id, kind: 'predicate', field, operator, ...('value' in written && { value }) };
  }
  return odd;
}

export function writeTree(node: TreeNode): unknown {
  if (node.kind === 'odd') return node.written;
  if (node.kind === 'not') return { not: writeTree(node.child) };
  if (node.kind === 'predicate') {
    const { field, operator } = node;
    return { field, operator, ...('value' in node && { value: node.value }) };
  }
  const rules = node.children.map(writeTree);
  // A list means all of them, and can say nothing else.
  return node.isList === true && node.match === 'all' ? rules : { match: node.match, rules };
}
