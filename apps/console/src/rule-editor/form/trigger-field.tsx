import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ruleWords } from '../../shared/rule/rule-words.ts';
import { useTools } from '../editor-tools.ts';
import { setMember } from '../model/rule-edits.ts';
import type { Trigger } from '../rule-editor.queries.ts';
import { useProblemsAt } from '../use-problems.ts';
import { notes } from './field-notes.tsx';

const other = '\u0000other';
const place = 'trigger_event';
/** Two triggers that are easily taken for one another. */
const withdrawals = { 'withdrawal.created': 'created', 'customer.withdrew': 'processed' } as const;

/** What starts the rule, by where it comes from; and any other type of event. */
export function TriggerField({ trigger }: { trigger: unknown }) {
  const { t } = useTranslation('editor');
  const tools = useTools();
  const { triggers } = tools.registry;
  const [isTyped, setTyped] = useState(false);
  const name = typeof trigger === 'string' ? trigger : '';
  const isOther = isTyped || (name !== '' && !triggers.some((one) => one.name === name));
  const set = (value: string): void => tools.change((rule) => setMember(rule, place, value), { about: place });
  const note = Object.hasOwn(withdrawals, name)
    ? t(`withdrawals.${withdrawals[name as keyof typeof withdrawals]}`)
    : '';
  const hint = isOther ? t('triggerNameHelp') : `${t('triggerHelp')} ${note}`.trim();
  const shown = notes(useProblemsAt(place), hint);
  return (
    <>
      <NativeSelect
        data-place={isOther ? undefined : place}
        label={t('trigger')}
        value={isOther ? other : name}
        onChange={({ currentTarget: { value } }) => {
          setTyped(value === other);
          if (value !== other) set(value);
        }}
        data={[
          ...(name === '' && !isOther ? [{ value: '', label: t('chooseTrigger') }] : []),
          ...useGroups(triggers),
          { value: other, label: t('otherTrigger') },
        ]}
        {...(isOther ? {} : shown)}
      />
      {isOther && (
        <TextInput
          data-place={place}
          label={t('triggerName')}
          value={name}
          onChange={({ currentTarget }) => set(currentTarget.value)}
          spellCheck={false}
          autoComplete="off"
          {...shown}
        />
      )}
    </>
  );
}

function useGroups(triggers: readonly Trigger[]) {
  const { t } = useTranslation('editor');
  const { language } = useTools();
  const words = ruleWords(language).triggers;
  const group = ({ name, source }: Trigger): 'platform' | 'crm' | 'webhooks' | 'seen' => {
    if (!Object.hasOwn(words, name)) return 'seen';
    if (name === 'request.created') return 'webhooks';
    return source === 'crm.events' ? 'crm' : 'platform';
  };
  return (['platform', 'crm', 'webhooks', 'seen'] as const).flatMap((one) => {
    const items = triggers.filter((trigger) => group(trigger) === one);
    const options = items.map(({ name }) => ({
      value: name,
      label: Object.hasOwn(words, name) ? `${words[name]} – ${name}` : name,
    }));
    return options.length === 0 ? [] : [{ group: t(`triggerSources.${one}`), items: options }];
  });
}
