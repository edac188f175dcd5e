import './texts.ts';
import { Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { EventExplanation } from '../shared/client.ts';
import { Fact, Facts } from '../shared/facts.tsx';
import { FailureNote } from '../shared/failure-note.tsx';
import { Loading } from '../shared/loading.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { Untrusted } from '../shared/untrusted.tsx';
import { When } from '../shared/when.tsx';
import { ExplainedRule } from './explained-rule.tsx';
import { explanationQuery } from './explain.queries.ts';

const route = getRouteApi('/events/$eventId');

/** Why each rule did or did not run for an event; several events may carry one id. */
export function EventPage() {
  const { t } = useTranslation('explain');
  const { eventId } = route.useParams();
  const { data, error, refetch } = useQuery(explanationQuery(eventId));
  return (
    <Stack>
      <PageTitle text={t('of', { id: eventId })} />
      <div>
        <Link to="/events">{t('another')}</Link> ·{' '}
        <Link to="/runs" search={{ event_id: eventId }}>
          {t('runsOfEvent')}
        </Link>
      </div>
      {error !== null && <FailureNote error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && data.events.length > 1 && <Text>{t('several', { count: data.events.length })}</Text>}
      {data?.events.map((event, index) => (
        <Explanation
          key={`${event.at} ${event.trigger} ${event.brand ?? ''}`}
          event={event}
          number={data.events.length > 1 ? index + 1 : null}
        />
      ))}
    </Stack>
  );
}

/** @param number among those of the id; null: it is the only one */
function Explanation({ event, number }: { event: EventExplanation; number: number | null }) {
  const { t } = useTranslation('explain');
  const { trigger, brand, at, outcome, rules, truncated } = event;
  return (
    <Stack gap="xs" component="section">
      <Title order={2} size="h4">
        {number !== null && `${number}. `}
        {t(`outcomes.${outcome}`)}
      </Title>
      <Facts>
        <Fact name={t('trigger')}>
          <Untrusted text={trigger} />
        </Fact>
        <Fact name={t('brand')}>{brand === null ? t('noBrand') : <Untrusted text={brand} />}</Fact>
        <Fact name={t('at')}>
          <When at={at} />
        </Fact>
      </Facts>
      <Title order={3} size="h5">
        {t('considered', { count: rules.length })}
      </Title>
      {rules.length === 0 && <Text>{t('none')}</Text>}
      {rules.map((rule) => (
        <ExplainedRule key={rule.rule_id} rule={rule} rules={rules} isOpen={rules.length <= 3} />
      ))}
      {truncated && <Text>… {t('moreRules')}</Text>}
    </Stack>
  );
}
