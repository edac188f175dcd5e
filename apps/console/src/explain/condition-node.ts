/** Conditions as a tree to be shown: of a rule, or with what each saw of an event. */
import type { ConditionVerdict } from '../shared/client.ts';

export interface ShownCondition {
  kind: 'all' | 'any' | 'not' | 'leaf';
  /** Absent: nothing was held against it. */
  holds?: boolean;
  field?: string;
  operator?: string;
  /** Absent where the operator takes none. */
  wanted?: unknown;
  /** Null where the field has no value; absent: nothing was held against it. */
  seen?: unknown;
  children: ShownCondition[];
  /** There is more below it than is shown. */
  isCut?: boolean;
}

/** Beyond it a tree is read better as text, and deep ones would overflow the stack. */
const most = { levels: 12, nodes: 300 };

/** @param conditions as the rule holds them; null where they are no conditions */
export function fromConditions(conditions: unknown): ShownCondition | null {
  let left = most.nodes;
  const toNode = (node: unknown, level: number): ShownCondition | null => {
    if (typeof node !== 'object' || node === null) return null;
    left -= 1;
    const { not, match, rules, field, operator, value } = node as Record<string, unknown>;
    if (not === undefined && !Array.isArray(rules)) {
      const wanted = value === undefined ? {} : { wanted: value };
      return { kind: 'leaf', field: String(field), operator: String(operator), ...wanted, children: [] };
    }
    const kind = not === undefined ? (match === 'any' ? 'any' : 'all') : 'not';
    const inner: unknown[] = not === undefined ? (rules as unknown[]) : [not];
    if (level >= most.levels) return { kind, children: [], isCut: true };
    const children: ShownCondition[] = [];
    for (const one of inner) {
      const child = left > 0 ? toNode(one, level + 1) : null;
      if (child !== null) children.push(child);
    }
    return { kind, children, ...(children.length < inner.length && { isCut: true }) };
  };
  return toNode(conditions, 1);
}

/** @param verdicts a group comes before what is in it, and its path begins the paths of that */
export function fromVerdicts(verdicts: readonly ConditionVerdict[]): ShownCondition[] {
  const roots: ShownCondition[] = [];
  const open: { path: string; node: ShownCondition }[] = [];
  for (const { path, kind = 'leaf', holds, field, operator, ...values } of verdicts) {
    while (open.length > 0 && !path.startsWith(`${open.at(-1)!.path}.`)) open.pop();
    const node: ShownCondition = {
      kind,
      holds,
      ...(field !== undefined && { field }),
      ...(operator !== undefined && { operator }),
      ...('wanted' in values && { wanted: values.wanted }),
      ...('seen' in values && { seen: values.seen }),
      children: [],
    };
    const parent = open.at(-1)?.node;
    if (parent !== undefined && open.length >= most.levels) parent.isCut = true;
    else {
      (parent?.children ?? roots).push(node);
      open.push({ path, node });
    }
  }
  return roots;
}
