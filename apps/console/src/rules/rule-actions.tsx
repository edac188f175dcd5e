import { List, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Fact, Facts } from '../shared/facts.tsx';
import { ruleWords } from '../shared/rule/rule-words.ts';
import { UncodedText } from '../shared/said/said-text.tsx';
import { spokenApprovers, spokenSpan } from './spoken-params.ts';
import { Untrusted } from '../shared/untrusted.tsx';

/** @param actions as the rule holds them, or as they were filled in; anything else is shown as it is */
export function RuleActions({ actions, label }: { actions: unknown; label: string }) {
  const { t } = useTranslation('rules');
  if (!Array.isArray(actions)) return <Untrusted text={JSON.stringify(actions)} />;
  if (actions.length === 0) return <Text>{t('noActions')}</Text>;
  return (
    <List type="ordered" aria-label={label} spacing="xs">
      {(actions as unknown[]).map((action, index) => (
        // Actions have no name but their place.
        <List.Item key={index}>
          <Action action={action} />
        </List.Item>
      ))}
    </List>
  );
}

function Action({ action }: { action: unknown }) {
  const { t, i18n } = useTranslation('rules');
  const { type, params, issue } = (action ?? {}) as { type?: unknown; params?: unknown; issue?: unknown };
  const code = String(type);
  const words = ruleWords(i18n.language).actions;
  const label = Object.hasOwn(words, code) ? words[code]?.label : undefined;
  const given = typeof params === 'object' && params !== null ? Object.entries(params) : [];
  return (
    <>
      <b>{label ?? <Untrusted text={code} />}</b>{' '}
      {label !== undefined && (
        <Text span size="sm" c="dimmed">
          {code}
        </Text>
      )}
      <Facts>
        {given.map(([name, value]) => (
          <Fact key={name} name={name}>
            <ParamValue value={value} />
          </Fact>
        ))}
      </Facts>
      {typeof issue === 'string' && (
        <Text component="div">
          ✗ {t('actionIssue')} <UncodedText text={issue} />
        </Text>
      )}
    </>
  );
}

/** A length of time and those who are asked in words, anything else as it is. */
function ParamValue({ value }: { value: unknown }) {
  const { t, i18n } = useTranslation('rules');
  const words = ruleWords(i18n.language);
  const said = spokenSpan(value, words) ?? spokenApprovers(value, words, t('managerOfCustomer'));
  const written = typeof value === 'string' ? value : JSON.stringify(value);
  return <Untrusted text={said ?? written} isClipped />;
}
