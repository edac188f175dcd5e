import { Button, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useTools } from '../editor-tools.ts';
import type { EditorRule } from '../model/rule-model.ts';
import { AddButtons, ConditionNode } from './condition-node.tsx';
import { ProblemNote } from './problem-note.tsx';

export function ConditionsSection({ conditions }: Pick<EditorRule, 'conditions'>) {
  const { t } = useTranslation('editor');
  const { toYaml } = useTools();
  if ('large' in conditions) {
    return (
      <Stack align="flex-start" data-place="conditions">
        <Text>{t('largeConditions')}</Text>
        <ProblemNote place="conditions" />
        <Button size="xs" variant="default" onClick={toYaml}>
          {t('toYaml')}
        </Button>
      </Stack>
    );
  }
  const { root } = conditions;
  return (
    <Stack gap="sm" data-place="conditions">
      {root === null ? (
        <Text size="sm">{t('always')}</Text>
      ) : (
        <ConditionNode node={root} place="conditions" number="" />
      )}
      {root === null && <ProblemNote place="conditions" />}
      {root?.kind !== 'group' && <AddButtons groupId={null} isRoot />}
    </Stack>
  );
}
