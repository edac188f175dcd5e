import { Button, Fieldset, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFields, useTools } from '../editor-tools.ts';
import type { GroupNode, NotNode, OddNode, PredicateNode, TreeNode } from '../model/condition-tree.ts';
import { addTo, newGroup, newPredicate, setMatch } from '../model/tree-edits.ts';
import { firstField, typeOfField } from '../model/trigger-fields.ts';
import { Untrusted } from '../../shared/untrusted.tsx';
import { changeTree, NodeChanges, useMoveKeys } from './node-changes.tsx';
import { PredicatePart } from './predicate-part.tsx';
import { ProblemNote } from './problem-note.tsx';

interface Props<Node extends TreeNode> {
  node: Node;
  /** As validation names it. */
  place: string;
  /** Such as 1.2; empty for the root. */
  number: string;
}

/** Drawn anew only when it has changed itself. */
export const ConditionNode = memo(function ConditionNode({ node, place, number }: Props<TreeNode>) {
  if (node.kind === 'group') return <GroupPart {...{ node, place, number }} />;
  if (node.kind === 'not') return <NotPart {...{ node, place, number }} />;
  if (node.kind === 'odd') return <OddPart {...{ node, place, number }} />;
  return <PredicatePart {...{ node, place, number }} />;
});

function inner(number: string, index: number): string {
  return number === '' ? String(index + 1) : `${number}.${index + 1}`;
}

function GroupPart({ node, place, number }: Props<GroupNode>) {
  const { t } = useTranslation('editor');
  const tools = useTools();
  const keys = useMoveKeys(node.id);
  const { id, match, children } = node;
  const rules = node.isList === true ? place : `${place}.rules`;
  const name = t('group', { number: number === '' ? '1' : number });
  return (
    <Fieldset aria-label={name} data-node={id} data-place={place} onKeyDown={keys} p="sm">
      <Stack gap="sm">
        <Group justify="space-between" align="end">
          <NativeSelect
            data-control="first"
            label={t('match')}
            value={match}
            onChange={({ currentTarget }) => {
              const chosen = currentTarget.value === 'any' ? 'any' : 'all';
              changeTree(tools, (root) => setMatch(root, id, chosen), {});
            }}
            data={(['all', 'any'] as const).map((value) => ({ value, label: t(`matches.${value}`) }))}
          />
          <NodeChanges node={node} what={name} />
        </Group>
        <ProblemNote place={place} except={children.map((_, index) => `${rules}[${index}]`)} />
        {children.length === 0 && (
          <Text size="sm">{t(number === '' && match === 'all' ? 'always' : `emptyGroup.${match}`)}</Text>
        )}
        {children.map((child, index) => (
          <ConditionNode key={child.id} node={child} place={`${rules}[${index}]`} number={inner(number, index)} />
        ))}
        <AddButtons groupId={id} isRoot={number === ''} />
      </Stack>
    </Fieldset>
  );
}

/** @param groupId null: the root, whatever it is */
export function AddButtons({ groupId, isRoot }: { groupId: string | null; isRoot: boolean }) {
  const { t } = useTranslation('editor');
  const tools = useTools();
  const { fields } = useFields();
  const add = (node: TreeNode, focus: string): void =>
    changeTree(tools, (root) => addTo(root, groupId, node), { focus: { id: focus }, said: t('done.add') });
  const fresh = (): PredicateNode => {
    const field = firstField(fields);
    const type = typeOfField(fields, field);
    return newPredicate(field, type === 'number' || type === 'integer' ? 'gt' : 'eq');
  };
  return (
    <Group gap="xs" data-node={isRoot ? 'add-condition' : undefined}>
      <Button
        size="xs"
        variant="default"
        data-control="first"
        onClick={() => {
          const node = fresh();
          add(node, node.id);
        }}
      >
        {t('addCondition')}
      </Button>
      <Button
        size="xs"
        variant="default"
        onClick={() => {
          const node = fresh();
          add(newGroup('any', [node]), node.id);
        }}
      >
        {t('addGroup')}
      </Button>
    </Group>
  );
}

function NotPart({ node, place, number }: Props<NotNode>) {
  const { t } = useTranslation('editor');
  const keys = useMoveKeys(node.id);
  const name = t('not', { number });
  return (
    <Fieldset aria-label={name} data-node={node.id} data-place={place} onKeyDown={keys} p="sm">
      <Stack gap="sm">
        <Group justify="space-between">
          <Text fw={600}>{t('notText')}</Text>
          <NodeChanges node={node} what={name} />
        </Group>
        <ProblemNote place={place} except={[`${place}.not`]} />
        <ConditionNode node={node.child} place={`${place}.not`} number={inner(number, 0)} />
      </Stack>
    </Fieldset>
  );
}

function OddPart({ node, place, number }: Props<OddNode>) {
  const { t } = useTranslation('editor');
  const { toYaml } = useTools();
  const name = t('condition', { number });
  return (
    <Fieldset aria-label={name} data-node={node.id} data-place={place} p="sm">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{t('oddCondition')}</Text>
        <Untrusted text={JSON.stringify(node.written) ?? ''} isClipped />
        <ProblemNote place={place} />
        <Group gap="xs">
          <Button size="compact-xs" variant="default" data-control="first" onClick={toYaml}>
            {t('toYaml')}
          </Button>
          <NodeChanges node={node} what={name} />
        </Group>
      </Stack>
    </Fieldset>
  );
}
