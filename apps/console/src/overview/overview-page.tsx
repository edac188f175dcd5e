import './texts.ts';
import { SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNumberText } from '../shared/count.tsx';
import { FailureNote } from '../shared/failure-note.tsx';
import { Loading } from '../shared/loading.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { Untrusted } from '../shared/untrusted.tsx';
import { Duration, When } from '../shared/when.tsx';
import { overviewQuery, type Overview } from './overview.queries.ts';
import { CountOrWhyNot, Tile, WhyNot } from './overview-tile.tsx';

export function OverviewPage() {
  const { t } = useTranslation('overview');
  const { data, error, refetch } = useQuery(overviewQuery());
  return (
    <Stack>
      <PageTitle text={t('title')} />
      {error !== null && <FailureNote error={error} onRetry={() => void refetch()} />}
      {data === undefined ? error === null && <Loading /> : <Numbers overview={data} />}
    </Stack>
  );
}

/** Each number leads to the list that has so many. */
function Numbers({ overview }: { overview: Overview }) {
  const { t } = useTranslation('overview');
  const { running, held, failed, failed_from, waiting, failing_subscriptions } = overview;
  return (
    <>
      <Part name={t('runs')}>
        <Tile name={t('running')}>
          <CountOrWhyNot count={running}>
            {(number) => (
              <Link to="/runs" search={{ status: 'running' }}>
                {number}
              </Link>
            )}
          </CountOrWhyNot>
        </Tile>
        <Tile name={t('held')}>
          <CountOrWhyNot count={held}>
            {(number) => (
              <Link to="/runs" search={{ status: 'held' }}>
                {number}
              </Link>
            )}
          </CountOrWhyNot>
        </Tile>
        <Tile name={t('failed')}>
          <CountOrWhyNot count={failed}>
            {(number) => (
              <Link to="/runs" search={{ status: 'failed', from: failed_from }}>
                {number}
              </Link>
            )}
          </CountOrWhyNot>
        </Tile>
      </Part>
      <Part name={t('people')}>
        <Tile name={t('waiting')}>
          <CountOrWhyNot count={waiting}>
            {(number) => (
              <Link to="/approvals" search={{ view: 'open' }}>
                {number}
              </Link>
            )}
          </CountOrWhyNot>
        </Tile>
        <Tile name={t('oldest')}>
          <OldestWait wait={overview.oldest_wait} />
        </Tile>
      </Part>
      <Part name={t('system')}>
        <Tile name={t('lag')}>
          <Lag lag={overview.lag} />
        </Tile>
        <Tile name={t('failing')}>
          <CountOrWhyNot count={failing_subscriptions}>
            {(number) => <Link to="/connections/subscriptions">{number}</Link>}
          </CountOrWhyNot>
        </Tile>
      </Part>
    </>
  );
}

function Part({ name, children }: { name: string; children: ReactNode }) {
  return (
    <section aria-label={name}>
      <Title order={2} size="h4" mb="xs">
        {name}
      </Title>
      <SimpleGrid component="dl" cols={{ base: 1, xs: 2, md: 3 }} m={0}>
        {children}
      </SimpleGrid>
    </section>
  );
}

function OldestWait({ wait: { state, approval } }: { wait: Overview['oldest_wait'] }) {
  const { t } = useTranslation('overview');
  if (state !== 'known') return <WhyNot state={state} />;
  if (approval === null) return <Text span>{t('nothingWaits')}</Text>;
  const { token, run_id, title, asked_at } = approval;
  const text = <Untrusted text={title} isClipped />;
  return (
    <>
      {token === null ? (
        <Link to="/runs/$runId" params={{ runId: run_id }}>
          {text}
        </Link>
      ) : (
        <Link to="/approvals/$token" params={{ token }}>
          {text}
        </Link>
      )}
      <Text size="sm" c="dimmed">
        {t('since')} <When at={asked_at} />
      </Text>
    </>
  );
}

function Lag({ lag: { state, events, behind_seconds } }: { lag: Overview['lag'] }) {
  const { t } = useTranslation('overview');
  const numberText = useNumberText();
  if (state !== 'known' || events === null || behind_seconds === null) return <WhyNot state={state} />;
  return (
    <>
      {numberText(events)}
      {behind_seconds > 0 && (
        <Text size="sm" c="dimmed">
          {t('behind')} <Duration milliseconds={behind_seconds * 1000} />
        </Text>
      )}
    </>
  );
}
