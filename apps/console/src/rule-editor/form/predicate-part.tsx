import { Fieldset, Group, NativeSelect, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ruleWords, wordFor } from '../../shared/rule/rule-words.ts';
import { useFields, useTools } from '../editor-tools.ts';
import type { PredicateNode } from '../model/condition-tree.ts';
import { suitable, withField, withOperator, type Says } from '../model/predicate-edits.ts';
import { setPredicate } from '../model/tree-edits.ts';
import { typeOfField } from '../model/trigger-fields.ts';
import { useProblemsAt } from '../use-problems.ts';
import { notes } from './field-notes.tsx';
import { FieldSelect } from './field-select.tsx';
import { changeTree, NodeChanges, useMoveKeys } from './node-changes.tsx';
import { ProblemNote } from './problem-note.tsx';
import { ValueFields } from './value-fields.tsx';

interface Props {
  node: PredicateNode;
  place: string;
  number: string;
}

/** One condition: a field, a comparison and a value. */
export function PredicatePart({ node, place, number }: Props) {
  const { t } = useTranslation('editor');
  const tools = useTools();
  const { fields } = useFields();
  const keys = useMoveKeys(node.id);
  const { registry, language } = tools;
  const { operators } = ruleWords(language);
  const { id, field, operator } = node;
  const says: Says = { field, operator, ...('value' in node && { value: node.value }) };
  const type = typeOfField(fields, field);
  const known = fields.find(({ path }) => path === field) ?? { path: field, type };
  const shape = registry.operators.find(({ code }) => code === operator)?.value_shape;
  const set = (next: Says, about?: string): void =>
    changeTree(tools, (root) => setPredicate(root, id, next), about === undefined ? {} : { about: `${id} ${about}` });
  const choices = suitable(registry.operators, type, operator).map(({ code }) => code);
  const parts = ['field', 'operator', 'value'].map((part) => `${place}.${part}`);
  const name = t('condition', { number: number === '' ? '1' : number });
  return (
    <Fieldset aria-label={name} data-node={id} data-place={place} onKeyDown={keys} p="sm">
      <Stack gap="xs">
        <Group align="flex-start" gap="sm">
          <FieldSelect
            field={field}
            place={`${place}.field`}
            onChange={(path) =>
              set(withField(says, path, [type, typeOfField(fields, path)], registry.operators), 'field')
            }
          />
          <NativeSelect
            data-place={`${place}.operator`}
            label={t('operator')}
            value={operator}
            onChange={({ currentTarget }) => set(withOperator(says, currentTarget.value, registry.operators))}
            data={[...new Set([...choices, operator])].map((code) => ({
              value: code,
              label: wordFor(operators, code),
            }))}
            {...notes(useProblemsAt(`${place}.operator`))}
          />
          <ValueFields
            shape={shape}
            field={known}
            value={node.value}
            place={`${place}.value`}
            onChange={(value) => set({ field, operator, value }, 'value')}
          />
        </Group>
        <ProblemNote place={place} except={parts} />
        <NodeChanges node={node} what={name} />
      </Stack>
    </Fieldset>
  );
}
