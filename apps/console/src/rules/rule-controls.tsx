import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Rule } from '../shared/client.ts';
import { LinkButton } from '../shared/link-button.tsx';
import { commandsFor, RuleCommandDialog, type RuleCommand } from './rule-command-dialog.tsx';

interface Props {
  rule: Rule;
  /** @param what was done, in words */
  onTaken: (what: string) => (rule: Rule) => void;
}

/** What an administrator may do to a rule. */
export function RuleControls({ rule, onTaken }: Props) {
  const { t } = useTranslation('rules');
  const [asked, setAsked] = useState<RuleCommand | null>(null);
  const isOff = rule.status !== 'active' && rule.status !== 'archived';
  return (
    <Group>
      {isOff && (
        <LinkButton size="xs" to="/rules/$ruleId/switch-on" params={{ ruleId: rule.id }}>
          {t('switchOn')}
        </LinkButton>
      )}
      {rule.status !== 'archived' && (
        <LinkButton size="xs" variant="default" to="/rules/$ruleId/edit" params={{ ruleId: rule.id }}>
          {t('edit')}
        </LinkButton>
      )}
      <LinkButton size="xs" variant="default" to="/rules/new" search={{ from: rule.id }}>
        {t('duplicate')}
      </LinkButton>
      {commandsFor(rule).map((command) => (
        <Button key={command} size="xs" variant="default" onClick={() => setAsked(command)}>
          {t(`commands.${command}`)}
        </Button>
      ))}
      {asked !== null && (
        <RuleCommandDialog
          key={asked}
          asked={{ rule, command: asked }}
          onTaken={(written) => {
            setAsked(null);
            onTaken(t(`taken.${asked}`, { name: written.name.slice(0, 100) }))(written);
          }}
          onClose={() => setAsked(null)}
        />
      )}
    </Group>
  );
}
