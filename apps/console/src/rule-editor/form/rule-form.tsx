import { Paper, Stack, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isObject } from '../model/condition-tree.ts';
import type { EditorRule } from '../model/rule-model.ts';
import { ActionsSection } from './actions-section.tsx';
import { ConditionsSection } from './conditions-section.tsx';
import { ProcessSection } from './process-section.tsx';
import { SettingsSection } from './settings-section.tsx';
import { TextMember } from './text-member.tsx';
import { TriggerField } from './trigger-field.tsx';

/** The rule in the order in which people think of it: what starts it, under which conditions, what happens then. */
export function RuleForm({ rule: { head, conditions, actions }, isNew }: { rule: EditorRule; isNew: boolean }) {
  const { t } = useTranslation('editor');
  const isProcess = isObject(head['process']) || head['trigger_event'] === 'request.created';
  return (
    <Stack>
      <TextMember name="name" label={t('name')} value={head['name']} placeholder={t('namePlaceholder')} />
      <Part title={t('when')}>
        <TriggerField trigger={head['trigger_event']} />
      </Part>
      {isProcess && (
        <Part title={t('process')}>
          <ProcessSection process={head['process']} />
        </Part>
      )}
      <Part title={t('if')}>
        <ConditionsSection conditions={conditions} />
      </Part>
      <Part title={t('do')}>
        <ActionsSection actions={actions} />
      </Part>
      <Part title={t('more')}>
        <SettingsSection head={head} isNew={isNew} />
      </Part>
    </Stack>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Paper component="section" aria-label={title} withBorder p="md">
      <Stack gap="sm">
        <Title order={2} size="h4">
          {title}
        </Title>
        {children}
      </Stack>
    </Paper>
  );
}
