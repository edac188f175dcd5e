/** Changes of a tree of conditions. Each gives a new tree; one that is not possible gives the same tree. */
import { newId, type GroupNode, type PredicateNode, type TreeNode } from './condition-tree.ts';

/** null: there are no conditions. */
export type Root = TreeNode | null;
export type Direction = 'up' | 'down' | 'in' | 'out';

export function newPredicate(field: string, operator: string, value?: unknown): PredicateNode {
  return { id: newId(), kind: 'predicate', field, operator, ...(value !== undefined && { value }) };
}

export function newGroup(match: GroupNode['match'], children: TreeNode[]): GroupNode {
  return { id: newId(), kind: 'group', match, children };
}

/** @returns the nodes from the root down to the one of the id; empty when there is none */
export function pathTo(root: Root, id: string): TreeNode[] {
  if (root === null) return [];
  if (root.id === id) return [root];
  for (const child of childrenOf(root)) {
    const found = pathTo(child, id);
    if (found.length > 0) return [root, ...found];
  }
  return [];
}

function childrenOf(node: TreeNode): readonly TreeNode[] {
  if (node.kind === 'group') return node.children;
  return node.kind === 'not' ? [node.child] : [];
}

/** @param change gives what stands in place of the node; null: nothing does */
export function replaceNode(root: Root, id: string, change: (node: TreeNode) => TreeNode[]): Root {
  return root === null ? null : (replaced(root, id, change)[0] ?? null);
}

function replaced(node: TreeNode, id: string, change: (node: TreeNode) => TreeNode[]): TreeNode[] {
  if (node.id === id) return change(node);
  if (node.kind === 'group') {
    const children = node.children.flatMap((child) => replaced(child, id, change));
    const isSame = children.length === node.children.length && children.every((one, at) => one === node.children[at]);
    return [isSame ? node : { ...node, children }];
  }
  if (node.kind !== 'not') return [node];
  const [child] = replaced(node.child, id, change);
  // Without anything to negate there is no NOT.
  if (child === undefined) return [];
  return [child === node.child ? node : { ...node, child }];
}

export function removeNode(root: Root, id: string): Root {
  return replaceNode(root, id, () => []);
}

/** Appends to a group; what is no group becomes the first member of one. @param id of the group; null: the root */
export function addTo(root: Root, id: string | null, node: TreeNode): Root {
  if (root === null) return newGroup('all', [node]);
  return replaceNode(root, id ?? root.id, (target) => [
    target.kind === 'group' ? { ...target, children: [...target.children, node] } : newGroup('all', [target, node]),
  ]);
}

/** Behind the node; where there is room for one alone, both come into a group. @returns the tree, and the copy's id */
export function duplicateNode(root: Root, id: string): { root: Root; id: string } {
  const path = pathTo(root, id);
  const node = path.at(-1);
  if (node === undefined) return { root, id };
  const copy = copied(node);
  const isInGroup = path.at(-2)?.kind === 'group';
  const changed = replaceNode(root, id, (one) => (isInGroup ? [one, copy] : [newGroup('all', [one, copy])]));
  return { root: changed, id: copy.id };
}

function copied(node: TreeNode): TreeNode {
  const id = newId();
  if (node.kind === 'group') return { ...node, id, children: node.children.map(copied) };
  return node.kind === 'not' ? { ...node, id, child: copied(node.child) } : { ...node, id };
}

export function wrapInGroup(root: Root, id: string, match: GroupNode['match']): Root {
  return replaceNode(root, id, (node) => [newGroup(match, [withoutList(node)])]);
}

export function negate(root: Root, id: string): Root {
  return replaceNode(root, id, (node) => [{ id: newId(), kind: 'not', child: withoutList(node) }]);
}

/** Only the root may be written as a list. */
function withoutList(node: TreeNode): TreeNode {
  if (node.kind !== 'group') return node;
  const { isList: _isList, ...group } = node;
  return group;
}

/** Takes a NOT or a group away from around what it holds. */
export function unwrap(root: Root, id: string): Root {
  return canUnwrap(root, id) ? replaceNode(root, id, (node) => [...childrenOf(node)]) : root;
}

export function canUnwrap(root: Root, id: string): boolean {
  const path = pathTo(root, id);
  const node = path.at(-1);
  if (node?.kind === 'not') return true;
  return node?.kind === 'group' && (node.children.length === 1 || path.at(-2)?.kind === 'group');
}

export function setMatch(root: Root, id: string, match: GroupNode['match']): Root {
  return replaceNode(root, id, (node) => [node.kind === 'group' ? { ...node, match } : node]);
}

/** What a predicate says; a value of undefined is none. */
export function setPredicate(root: Root, id: string, says: { field: string; operator: string; value?: unknown }): Root {
  return replaceNode(root, id, (node) => [
    {
      id: node.id,
      kind: 'predicate',
      field: says.field,
      operator: says.operator,
      ...(says.value !== undefined && { value: says.value }),
    },
  ]);
}

/** Within its group, into the group beside it, or out of its group. A group that is left empty goes away. */
export function moveNode(root: Root, id: string, direction: Direction): Root {
  const path = pathTo(root, id);
  const node = path.at(-1);
  const parent = path.at(-2);
  if (node === undefined || parent === undefined) return root;
  if (direction === 'out') return movedOut(root, path);
  if (parent.kind !== 'group') return root;
  const at = parent.children.indexOf(node);
  if (direction === 'in') {
    const before = parent.children[at - 1];
    const after = parent.children[at + 1];
    if (before?.kind === 'group') return movedInto(root, node, before, [...before.children, node]);
    return after?.kind === 'group' ? movedInto(root, node, after, [node, ...after.children]) : root;
  }
  const other = parent.children[direction === 'up' ? at - 1 : at + 1];
  if (other === undefined) return root;
  const children = parent.children.map((one) => (one === node ? other : one === other ? node : one));
  return replaceNode(root, parent.id, () => [{ ...parent, children }]);
}

function movedInto(root: Root, node: TreeNode, group: GroupNode, children: TreeNode[]): Root {
  return replaceNode(removeNode(root, node.id), group.id, () => [{ ...group, children }]);
}

/** Behind the part of the next group further out that it was in. */
function movedOut(root: Root, path: TreeNode[]): Root {
  const node = path.at(-1);
  const at = path.findLastIndex((one, index) => one.kind === 'group' && index < path.length - 2);
  const branch = path[at + 1];
  if (at === -1 || node === undefined || branch === undefined) return root;
  const withBoth = replaceNode(root, branch.id, (one) => {
    const left = withoutEmpty(removeNode(one, node.id));
    return left === null ? [node] : [left, node];
  });
  return withBoth;
}

function withoutEmpty(root: Root): Root {
  if (root === null) return null;
  if (root.kind === 'not') {
    const child = withoutEmpty(root.child);
    return child === null ? null : child === root.child ? root : { ...root, child };
  }
  return root.kind === 'group' && root.children.length === 0 ? null : root;
}

export function canMove(root: Root, id: string, direction: Direction): boolean {
  return moveNode(root, id, direction) !== root;
}
