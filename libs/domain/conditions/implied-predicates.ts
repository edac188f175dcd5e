/** Claims: what must be true of single fields whenever a tree of conditions is. The tree may say more. */
import type { ConditionNode, Predicate, Operator } from '../rules/rule.ts';

/** The leaf's test is true (`holds`) or false; its operator is never one of the `not` kind. */
export interface ImpliedPredicate {
  leaf: Predicate;
  holds: boolean;
}

/** Longer lists of values would cost more memory than they save work. */
export const maxIndexKeys = 100;

/** Each is the exact complement of its partner. */
const partners: Partial<Record<Operator, Operator>> = {
  neq: 'eq',
  not_in: 'in',
  not_contains: 'contains',
  is_not_null: 'is_null',
};

/** In no particular order; stop when you have enough. */
export function* claimsOf(root: ConditionNode): Generator<ImpliedPredicate> {
  const stack: Sign[] = [{ node: root, holds: true }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { node, holds } = next;
    if ('not' in node) {
      stack.push({ node: node.not, holds: !holds });
    } else if ('match' in node) {
      // "Not any" requires each child to be false, as "all" requires each to be true.
      if ((node.match === 'all') === holds || node.rules.length === 1) {
        for (const child of node.rules) stack.push({ node: child, holds });
      } else if (holds) {
        const merged = oneOfField(node.rules);
        if (merged !== null) yield { leaf: merged, holds };
      }
    } else {
      const partner = partners[node.operator];
      yield partner === undefined ? { leaf: node, holds } : { leaf: { ...node, operator: partner }, holds: !holds };
    }
  }
}

interface Sign {
  node: ConditionNode;
  holds: boolean;
}

/** "country is BR or country is AR" is "country in [BR, AR]". */
function oneOfField(rules: readonly ConditionNode[]): Predicate | null {
  const values: unknown[] = [];
  let field: string | null = null;
  for (const node of rules) {
    if (values.length > maxIndexKeys || !('field' in node) || (field !== null && node.field !== field)) return null;
    field = node.field;
    if (node.operator === 'eq') values.push(node.value);
    else if (node.operator === 'in' && Array.isArray(node.value)) values.push(...(node.value as unknown[]));
    else return null;
  }
  return field === null ? null : { field, operator: 'in', value: values };
}
