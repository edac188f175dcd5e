import '../texts.ts';
import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Fact, Facts } from '../../shared/facts.tsx';
import { FailureNote } from '../../shared/failure-note.tsx';
import { Loading } from '../../shared/loading.tsx';
import { Untrusted } from '../../shared/untrusted.tsx';
import { When } from '../../shared/when.tsx';
import { applicationQuery, type WebhookApplication } from '../connections.queries.ts';
import { MadeFact } from '../made-fact.tsx';
import { useOutcome } from '../outcome.tsx';
import { SectionHead } from '../section-head.tsx';
import { StatusBadge } from '../status-badge.tsx';
import { ApplicationControls } from './application-controls.tsx';

const route = getRouteApi('/connections/applications/$applicationId');

export function ApplicationPage() {
  const { applicationId: id } = route.useParams();
  const { t } = useTranslation('connections');
  const { data, error, refetch } = useQuery(applicationQuery(id));
  const outcome = useOutcome();
  return (
    <Stack>
      <SectionHead title={data?.name ?? t('application.one')} of="applications" />
      {error !== null && <FailureNote error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && <ApplicationControls application={data} outcome={outcome} />}
      {outcome.view}
      {data !== undefined && <ApplicationFacts application={data} />}
    </Stack>
  );
}

function ApplicationFacts({ application }: { application: WebhookApplication }) {
  const { t } = useTranslation('connections');
  const { enabled, description, impersonate_username: username, token_created_at: tokenAt } = application;
  return (
    <Facts>
      <Fact name={t('status')}>
        <StatusBadge text={t(`application.statuses.${enabled}`)} />
      </Fact>
      <Fact name={t('description')}>{description !== '' && <Untrusted text={description} />}</Fact>
      <Fact name={t('application.as')}>
        {username === null ? t('application.defaultUser') : <Untrusted text={username} />}
      </Fact>
      <Fact name={t('application.tokenAt')}>
        <When at={tokenAt} />
      </Fact>
      <MadeFact name="created" at={application.created_at} by={application.created_by} />
      <MadeFact name="changed" at={application.updated_at} by={application.updated_by} />
    </Facts>
  );
}
