import { describe, expect, it } from 'vitest';
import { readTree, writeTree, type TreeNode } from './condition-tree.ts';
import {
  addTo,
  canMove,
  canUnwrap,
  duplicateNode,
  moveNode,
  negate,
  newPredicate,
  pathTo,
  removeNode,
  setMatch,
  setPredicate,
  unwrap,
  wrapInGroup,
  type Root,
} from './tree-edits.ts';

const leaf = (field: string) => ({ field, operator: 'is_null' });
const all = (...rules: unknown[]) => ({ match: 'all', rules });
const any = (...rules: unknown[]) => ({ match: 'any', rules });
const not = (inner: unknown) => ({ not: inner });

const written = (root: Root): unknown => (root === null ? null : writeTree(root));

function idOf(root: TreeNode, field: string): string {
  const inner = root.kind === 'group' ? root.children : root.kind === 'not' ? [root.child] : [];
  if (root.kind === 'predicate' && root.field === field) return root.id;
  return inner.map((one) => idOf(one, field)).find((id) => id !== '') ?? '';
}

/** The node that holds the leaf. */
function around(root: TreeNode, field: string): string {
  return pathTo(root, idOf(root, field)).at(-2)?.id ?? '';
}

describe('moving', () => {
  it.each([
    ['up', all(leaf('a'), leaf('x')), all(leaf('x'), leaf('a'))],
    ['down', all(leaf('x'), leaf('a'), leaf('b')), all(leaf('a'), leaf('x'), leaf('b'))],
    ['in', all(any(leaf('a')), leaf('x')), all(any(leaf('a'), leaf('x')))],
    ['in', all(leaf('x'), any(leaf('a'))), all(any(leaf('x'), leaf('a')))],
    ['out', all(any(leaf('a'), leaf('x')), leaf('b')), all(any(leaf('a')), leaf('x'), leaf('b'))],
    ['out', all(any(leaf('x')), leaf('b')), all(leaf('x'), leaf('b'))],
    ['out', all(not(any(leaf('x'), leaf('a')))), all(not(any(leaf('a'))), leaf('x'))],
    ['out', all(not(leaf('x')), leaf('b')), all(leaf('x'), leaf('b'))],
    ['out', all(not(any(leaf('x')))), all(leaf('x'))],
  ] as const)('goes %s from %j', (direction, before, after) => {
    const root = readTree(before);
    const id = idOf(root, 'x');
    expect(canMove(root, id, direction)).toBe(true);
    expect(written(moveNode(root, id, direction))).toEqual(after);
  });

  it.each([
    ['up', all(leaf('x'), leaf('a'))],
    ['down', all(leaf('a'), leaf('x'))],
    ['in', all(leaf('a'), leaf('x'))],
    ['out', all(leaf('x'))],
    ['out', leaf('x')],
    ['up', not(leaf('x'))],
  ] as const)('is not possible %s from %j', (direction, before) => {
    const root = readTree(before);
    const id = idOf(root, 'x');
    expect(canMove(root, id, direction)).toBe(false);
    expect(moveNode(root, id, direction)).toBe(root);
  });
});

describe('changing', () => {
  it('adds to the root whatever it is', () => {
    const node = (): TreeNode => newPredicate('n', 'is_null');
    expect(written(addTo(null, null, node()))).toEqual(all(leaf('n')));
    expect(written(addTo(readTree(leaf('a')), null, node()))).toEqual(all(leaf('a'), leaf('n')));
    expect(written(addTo(readTree(not(leaf('a'))), null, node()))).toEqual(all(not(leaf('a')), leaf('n')));
    expect(written(addTo(readTree([leaf('a')]), null, node()))).toEqual([leaf('a'), leaf('n')]);
    const root = readTree(all(any(leaf('a'))));
    expect(written(addTo(root, around(root, 'a'), node()))).toEqual(all(any(leaf('a'), leaf('n'))));
  });

  it('duplicates behind, and makes a group where there is room for one alone', () => {
    const root = readTree(all(leaf('a'), any(leaf('b')), leaf('c')));
    const copy = duplicateNode(root, around(root, 'b'));
    expect(written(copy.root)).toEqual(all(leaf('a'), any(leaf('b')), any(leaf('b')), leaf('c')));
    expect(pathTo(copy.root, copy.id)).toHaveLength(2);
    const single = readTree(not(leaf('a')));
    expect(written(duplicateNode(single, idOf(single, 'a')).root)).toEqual(not(all(leaf('a'), leaf('a'))));
  });

  it('removes, and a NOT with what it negates', () => {
    const root = readTree(all(leaf('a'), not(leaf('x'))));
    expect(written(removeNode(root, idOf(root, 'x')))).toEqual(all(leaf('a')));
    const single = readTree(leaf('x'));
    expect(removeNode(single, single.id)).toBeNull();
  });

  it('wraps and unwraps', () => {
    const root = readTree(all(leaf('a'), leaf('b')));
    const id = idOf(root, 'a');
    const grouped = wrapInGroup(root, id, 'any');
    expect(written(grouped)).toEqual(all(any(leaf('a')), leaf('b')));
    expect(written(unwrap(grouped, around(grouped!, 'a')))).toEqual(all(leaf('a'), leaf('b')));
    const negated = negate(root, id);
    expect(written(negated)).toEqual(all(not(leaf('a')), leaf('b')));
    expect(written(unwrap(negated, around(negated!, 'a')))).toEqual(all(leaf('a'), leaf('b')));
    const pair = readTree(not(all(leaf('a'), leaf('b'))));
    expect(canUnwrap(pair, around(pair, 'a'))).toBe(false);
    expect(unwrap(pair, around(pair, 'a'))).toBe(pair);
  });

  it('writes a list that comes into a group as a group', () => {
    const root = readTree([leaf('a')]);
    expect(written(negate(root, root.id))).toEqual(not(all(leaf('a'))));
    expect(written(setMatch(root, root.id, 'any'))).toEqual(any(leaf('a')));
  });

  it('leaves alone what is not meant', () => {
    const root = readTree(all(any(leaf('a')), leaf('b')));
    const changed = setPredicate(root, idOf(root, 'b'), { field: 'c', operator: 'eq', value: 5 });
    expect(written(changed)).toEqual(all(any(leaf('a')), { field: 'c', operator: 'eq', value: 5 }));
    expect(changed?.kind === 'group' && root.kind === 'group' && changed.children[0] === root.children[0]).toBe(true);
    expect(removeNode(root, 'nothing')).toBe(root);
  });
});
