import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTools } from '../editor-tools.ts';
import type { JsonObject } from '../model/condition-tree.ts';
import { addAction, newAction } from '../model/rule-edits.ts';
import type { EditorRule } from '../model/rule-model.ts';
import { ruleWords } from '../../shared/rule/rule-words.ts';
import { ActionCard } from './action-card.tsx';
import { ProblemNote } from './problem-note.tsx';

export function ActionsSection({ actions }: Pick<EditorRule, 'actions'>) {
  const { t } = useTranslation('editor');
  return (
    <Stack gap="sm" data-place="actions">
      {actions.length === 0 && <Text size="sm">{t('noActions')}</Text>}
      {actions.map((action, index) => (
        <ActionCard key={action.id} action={action} index={index} />
      ))}
      <ProblemNote place="actions" except={actions.map((_, index) => `actions[${index}]`)} />
      <NewAction isFirst={actions.length === 0} />
    </Stack>
  );
}

function NewAction({ isFirst }: { isFirst: boolean }) {
  const { t } = useTranslation('editor');
  const tools = useTools();
  const starts = useStartParams();
  const [type, setType] = useState('');
  const words = ruleWords(tools.language).actions;
  // In the order of the words: what is chosen most comes first.
  const order = Object.keys(words);
  const rank = (one: string): number => (order.includes(one) ? order.indexOf(one) : order.length);
  const types = tools.registry.actions.map((one) => one.type).sort((a, b) => rank(a) - rank(b));
  const add = (): void => {
    if (type === '') return;
    const action = newAction(type, starts(type));
    setType('');
    tools.change((rule) => addAction(rule, action), { focus: { id: action.id }, said: t('done.add') });
  };
  return (
    <Group align="end" gap="xs" data-node="add-action">
      <NativeSelect
        data-control="first"
        label={t(isFirst ? 'firstAction' : 'newAction')}
        value={type}
        onChange={({ currentTarget }) => setType(currentTarget.value)}
        data={[
          { value: '', label: t('chooseAction') },
          ...types.map((one) => ({ value: one, label: words[one]?.label ?? one })),
        ]}
        maw="100%"
      />
      <Button variant="default" onClick={add} aria-disabled={type === ''}>
        {t('addAction')}
      </Button>
    </Group>
  );
}

/** What an action says at first: what nearly every rule says, so that there is something to begin with. */
function useStartParams(): (type: string) => JsonObject {
  const { t } = useTranslation('editor');
  const starts: Readonly<Record<string, JsonObject>> = {
    'approval.request': {
      title: t('defaults.title'),
      approvers: { roles: ['SESSION_MANAGER'] },
      expires_in: { value: 2, unit: 'days' },
    },
    'notify.manager': { title: t('defaults.notification') },
    create_task: { type: t('defaults.task') },
    set_customer_active: { active: false },
    delay: { value: 1, unit: 'hours' },
  };
  return (type) => ({ ...starts[type] });
}
