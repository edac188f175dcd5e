import { Group, Stack, Text, Title } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { fromConditions } from '../explain/condition-node.ts';
import { ConditionTree } from '../explain/condition-tree.tsx';
import { isAdministrator, useSession } from '../session/session.ts';
import type { Rule } from '../shared/client.ts';
import { PageTitle } from '../shared/page-title.tsx';
import { ruleSentence } from '../shared/rule/rule-sentence.ts';
import { Untrusted } from '../shared/untrusted.tsx';
import { HeldRuns } from './held-runs.tsx';
import { NewerVersion } from './newer-version.tsx';
import { RuleActions } from './rule-actions.tsx';
import { RuleControls } from './rule-controls.tsx';
import { RuleFacts } from './rule-facts.tsx';
import { mayWrite, RuleStatusLabel } from './rule-state.tsx';
import { RuleVersions } from './rule-versions.tsx';
import { RuleWarnings } from './rule-warnings.tsx';
import { useShownRule } from './use-shown-rule.ts';

/** @param latest as it was read last */
export function RuleView({ latest }: { latest: Rule }) {
  const { t, i18n } = useTranslation('rules');
  const { shown: rule, newer, show } = useShownRule(latest);
  const session = useSession();
  const isWritable = mayWrite(session, rule);
  const [done, setDone] = useState('');
  const taken = (what: string) => (written: Rule) => {
    show(written);
    setDone(what);
  };
  const root = fromConditions(rule.conditions);
  return (
    <>
      <PageTitle text={rule.name} />
      <Group>
        <RuleStatusLabel status={rule.status} />
        <Text>{t('version', { version: rule.version })}</Text>
      </Group>
      <Text role="status">{done}</Text>
      {newer !== null && <NewerVersion newer={newer} onShow={() => show(newer)} />}
      {isWritable && <RuleControls rule={rule} onTaken={taken} />}
      <Section title={t('sentence')}>
        <Text>
          <Untrusted text={ruleSentence(rule, i18n.language)} />
        </Text>
      </Section>
      <RuleFacts rule={rule} />
      <Section title={t('conditions')}>
        <ConditionTree roots={root === null ? [] : [root]} label={t('conditions')} />
      </Section>
      <Section title={t('actions')}>
        <RuleActions actions={rule.actions} label={t('actions')} />
      </Section>
      <Section title={t('warnings')}>
        <RuleWarnings rule={rule} />
      </Section>
      <HeldRuns ruleId={rule.id} isAdmin={isAdministrator(session)} />
      <Section title={t('versions')}>
        <RuleVersions rule={rule} onRolledBack={isWritable ? taken(t('rolledBack')) : null} />
      </Section>
    </>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack gap="xs" component="section">
      <Title order={2} size="h4">
        {title}
      </Title>
      {children}
    </Stack>
  );
}
