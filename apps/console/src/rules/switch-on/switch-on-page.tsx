import '../texts.ts';
import { Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../session/session.ts';
import type { Rule } from '../../shared/client.ts';
import { FailureNote } from '../../shared/failure-note.tsx';
import { Loading } from '../../shared/loading.tsx';
import { PageTitle } from '../../shared/page-title.tsx';
import { ruleSentence } from '../../shared/rule/rule-sentence.ts';
import { Untrusted } from '../../shared/untrusted.tsx';
import { NewerVersion } from '../newer-version.tsx';
import { mayWrite, RuleStatusLabel } from '../rule-state.tsx';
import { ruleQuery } from '../rules.queries.ts';
import { useShownRule } from '../use-shown-rule.ts';
import { Activate } from './activate.tsx';
import { Backtesting } from './backtesting.tsx';
import { Impact } from './impact.tsx';
import { TryEvent } from './try-event.tsx';

const route = getRouteApi('/rules/$ruleId/switch-on');

export function SwitchOnPage() {
  const { ruleId } = route.useParams();
  const { data, error, refetch } = useQuery(ruleQuery(ruleId));
  return (
    <Stack>
      {error !== null && <FailureNote error={error} onRetry={() => void refetch()} />}
      {data === undefined ? error === null && <Loading /> : <Steps key={ruleId} latest={data} />}
    </Stack>
  );
}

/** Try → check → switch on. */
function Steps({ latest }: { latest: Rule }) {
  const { t, i18n } = useTranslation('rules');
  const { shown: rule, newer, show } = useShownRule(latest);
  const isWritable = mayWrite(useSession(), rule);
  return (
    <>
      <PageTitle text={t('steps.title', { name: rule.name })} />
      <Group>
        <RuleStatusLabel status={rule.status} />
        <Text>{t('version', { version: rule.version })}</Text>
        <Link to="/rules/$ruleId" params={{ ruleId: rule.id }}>
          {t('steps.back')}
        </Link>
      </Group>
      {newer !== null && <NewerVersion newer={newer} onShow={() => show(newer)} />}
      <Text>
        <Untrusted text={ruleSentence(rule, i18n.language)} />
      </Text>
      <Step number={1} title={t('steps.try')} text={t('steps.tryText')}>
        <TryEvent rule={rule} />
      </Step>
      {isWritable ? <ForAdministrators rule={rule} onTaken={show} /> : <Text>{t('steps.notYours')}</Text>}
    </>
  );
}

function ForAdministrators({ rule, onTaken }: { rule: Rule; onTaken: (rule: Rule) => void }) {
  const { t } = useTranslation('rules');
  return (
    <>
      <Step number={2} title={t('steps.check')} text={t('steps.checkText')}>
        <Impact rule={rule} />
        <Backtesting rule={rule} />
      </Step>
      <Step number={3} title={t('steps.switch')} text={t('steps.switchText')}>
        <Activate rule={rule} onTaken={onTaken} />
      </Step>
    </>
  );
}

interface StepProps {
  number: number;
  title: string;
  text: string;
  children: ReactNode;
}

function Step({ number, title, text, children }: StepProps) {
  return (
    <Stack gap="sm" component="section" aria-label={title}>
      <Title order={2} size="h4">
        {number}. {title}
      </Title>
      <Text c="dimmed">{text}</Text>
      {children}
    </Stack>
  );
}
