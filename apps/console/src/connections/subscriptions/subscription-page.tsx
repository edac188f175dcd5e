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
import { subscriptionQuery, type Subscription } from '../connections.queries.ts';
import { MadeFact } from '../made-fact.tsx';
import { useOutcome } from '../outcome.tsx';
import { SectionHead } from '../section-head.tsx';
import { StatusBadge } from '../status-badge.tsx';
import { Attempts } from './attempts.tsx';
import { Pending } from './pending.tsx';
import { SubscriptionControls } from './subscription-controls.tsx';

const route = getRouteApi('/connections/subscriptions/$subscriptionId');

export function SubscriptionPage() {
  const { subscriptionId: id } = route.useParams();
  const search = route.useSearch();
  const { t } = useTranslation('connections');
  const { data, error, refetch } = useQuery(subscriptionQuery(id));
  const outcome = useOutcome();
  return (
    <Stack>
      <SectionHead title={data?.name ?? t('subscription.one')} of="subscriptions" />
      {error !== null && <FailureNote error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && <SubscriptionControls subscription={data} outcome={outcome} />}
      {outcome.view}
      {data !== undefined && (
        <>
          <SubscriptionFacts subscription={data} />
          <Pending id={id} outcome={outcome} />
          <Attempts id={id} search={search} outcome={outcome} />
        </>
      )}
    </Stack>
  );
}

function SubscriptionFacts({ subscription }: { subscription: Subscription }) {
  const { t } = useTranslation('connections');
  const { status, disabled_reason: reason, url, types, rule_id: rule, brands, format, failures } = subscription;
  return (
    <Facts>
      <Fact name={t('status')}>
        <StatusBadge text={t(`subscription.statuses.${status}`)} />
        {reason !== null && ` ${t(`subscription.reasons.${reason}`)}`}
      </Fact>
      <Fact name={t('subscription.url')}>
        <Untrusted text={url} />
      </Fact>
      <Fact name={t('subscription.types')}>{types === null ? t('subscription.allTypes') : types.join(', ')}</Fact>
      <Fact name={t('subscription.rule')}>
        {rule === null ? t('subscription.allRules') : <Untrusted text={rule} />}
      </Fact>
      <Fact name={t('brands')}>{brands === null ? t('allBrands') : <Untrusted text={brands.join(', ')} />}</Fact>
      <Fact name={t('subscription.format')}>{t(`subscription.formats.${format}`)}</Fact>
      <Fact name={t('subscription.failures')}>{failures}</Fact>
      <Fact name={t('subscription.failedAt')}>
        {subscription.failed_at !== null && <When at={subscription.failed_at} />}
      </Fact>
      <Fact name={t('subscription.notBefore')}>
        {subscription.not_before !== null && <When at={subscription.not_before} />}
      </Fact>
      <MadeFact name="created" at={subscription.created_at} by={subscription.created_by} />
      <MadeFact name="changed" at={subscription.updated_at} />
    </Facts>
  );
}
