import { List, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { RuleImpact } from '../../shared/client.ts';
import { Untrusted } from '../../shared/untrusted.tsx';

/** Rules whose events never reach this rule, and rules that its events never reach, by `stop_after`. */
export function HeldBack({ held_back_by, holds_back }: Pick<RuleImpact, 'held_back_by' | 'holds_back'>) {
  const { t } = useTranslation('rules');
  return (
    <>
      <NamedRules named={held_back_by} label={t('impact.heldBackBy')} text={t('impact.runsFirst')} />
      {held_back_by.count > 0 && (
        <Text size="sm" c="dimmed">
          {t('impact.order')}
        </Text>
      )}
      <NamedRules named={holds_back} label={t('impact.holdsBack')} text={t('impact.runsLater')} />
    </>
  );
}

/** @param text what each of them does, after its name */
function NamedRules({ named, label, text }: { named: RuleImpact['holds_back']; label: string; text: string }) {
  const { t } = useTranslation('rules');
  const { rules, count } = named;
  if (count === 0) return null;
  return (
    <List aria-label={label} listStyleType="none" spacing="xs">
      {rules.map(({ rule_id, rule_name }) => (
        <List.Item key={rule_id}>
          ⚠{' '}
          <Link to="/rules/$ruleId" params={{ ruleId: rule_id }}>
            <Untrusted text={rule_name} />
          </Link>{' '}
          {text}
        </List.Item>
      ))}
      {count > rules.length && <List.Item>{t('impact.more', { count: count - rules.length })}</List.Item>}
    </List>
  );
}
