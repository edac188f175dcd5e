/** How a condition or a group is moved, wrapped, duplicated and removed: by buttons, and by Alt and an arrow key. */
import { Button, Group, Text } from '@mantine/core';
import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useTools, type EditorTools } from '../editor-tools.ts';
import type { TreeNode } from '../model/condition-tree.ts';
import { setRoot } from '../model/rule-edits.ts';
import type { EditorRule } from '../model/rule-model.ts';
import {
  canMove,
  canUnwrap,
  duplicateNode,
  moveNode,
  negate,
  removeNode,
  unwrap,
  wrapInGroup,
  type Direction,
  type Root,
} from '../model/tree-edits.ts';

export function rootOf({ conditions }: EditorRule): Root {
  return 'root' in conditions ? conditions.root : null;
}

/** @param edit gives the same tree where it is not possible */
export function changeTree(
  tools: EditorTools,
  edit: (root: Root) => Root,
  change: Parameters<EditorTools['change']>[1],
): void {
  tools.change((rule) => {
    const root = rootOf(rule);
    const next = edit(root);
    return next === root ? rule : setRoot(rule, next);
  }, change);
}

const arrows: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'out',
  ArrowRight: 'in',
};

/** @returns a handler for keys within the part of a node */
export function useMoveKeys(id: string) {
  const { t } = useTranslation('editor');
  const tools = useTools();
  return (event: KeyboardEvent): void => {
    const direction = arrows[event.key];
    if (!event.altKey || event.ctrlKey || event.metaKey || direction === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const control = event.target instanceof HTMLElement ? event.target.dataset['control'] : undefined;
    const isPossible = canMove(rootOf(tools.current()), id, direction);
    const focus = { id, ...(control !== undefined && { control }) };
    changeTree(tools, (root) => moveNode(root, id, direction), {
      focus,
      said: t(isPossible ? `done.${direction}` : 'done.stays'),
    });
  };
}

interface Step {
  name: string;
  label: string;
  isPossible: boolean;
  edit: (root: Root) => Root;
  said: string;
}

export function NodeChanges({ node, what }: { node: TreeNode; what: string }) {
  const { t } = useTranslation('editor');
  const tools = useTools();
  const [isOpen, setOpen] = useState(false);
  const { id } = node;
  return (
    <>
      <Group gap="xs">
        <Button
          size="compact-xs"
          variant="default"
          aria-expanded={isOpen}
          aria-label={t('moreFor', { what })}
          data-control="change"
          onClick={() => setOpen(!isOpen)}
        >
          {t('change')}
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          aria-label={t('removeWhat', { what })}
          onClick={() =>
            changeTree(tools, (root) => removeNode(root, id), {
              focus: { id: 'add-condition' },
              said: t('done.remove'),
            })
          }
        >
          {t('remove')}
        </Button>
      </Group>
      {isOpen && <Steps node={node} what={what} />}
    </>
  );
}

function Steps({ node: { id, kind }, what }: { node: TreeNode; what: string }) {
  const { t } = useTranslation('editor');
  const tools = useTools();
  const root = rootOf(tools.current());
  const move = (direction: Direction, label: string): Step => ({
    name: direction,
    label,
    isPossible: canMove(root, id, direction),
    edit: (one) => moveNode(one, id, direction),
    said: t(`done.${direction}`),
  });
  const steps: Step[] = [
    move('up', t('up')),
    move('down', t('down')),
    move('in', t('into')),
    move('out', t('out')),
    {
      name: 'wrap',
      label: t('wrap'),
      isPossible: true,
      edit: (one) => wrapInGroup(one, id, 'any'),
      said: t('done.wrap'),
    },
    { name: 'negate', label: t('negate'), isPossible: true, edit: (one) => negate(one, id), said: t('done.negate') },
    ...(kind === 'group' || kind === 'not'
      ? [
          {
            name: 'unwrap',
            label: t(`unwrap.${kind}`),
            isPossible: canUnwrap(root, id),
            edit: (one: Root) => unwrap(one, id),
            said: t('done.unwrap'),
          },
        ]
      : []),
    {
      name: 'duplicate',
      label: t('duplicate'),
      isPossible: true,
      edit: (one) => duplicateNode(one, id).root,
      said: t('done.duplicate'),
    },
  ];
  return (
    <Group gap="xs" role="group" aria-label={t('changeWhat', { what })}>
      {steps.map(({ name, label, isPossible, edit, said }) => (
        <Button
          key={name}
          size="compact-xs"
          variant="default"
          aria-disabled={!isPossible}
          data-control={name}
          onClick={() =>
            changeTree(tools, edit, { focus: { id, control: name }, said: isPossible ? said : t('done.stays') })
          }
        >
          {label}
        </Button>
      ))}
      <Text size="xs" c="dimmed">
        {t('keys')}
      </Text>
    </Group>
  );
}
