import '../texts.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Column } from '../../shared/data-table.tsx';
import { Untrusted } from '../../shared/untrusted.tsx';
import { subscriptionsQuery, type Subscription } from '../connections.queries.ts';
import { DialogButton } from '../dialog-button.tsx';
import { useOutcome } from '../outcome.tsx';
import { SectionPage } from '../section-page.tsx';
import { StatusBadge } from '../status-badge.tsx';
import { CreateSubscription } from './create-subscription.tsx';

const route = getRouteApi('/connections/subscriptions');

export function SubscriptionsPage() {
  const { t } = useTranslation('connections');
  const search = route.useSearch();
  const { data, error, refetch } = useQuery(subscriptionsQuery(search));
  const outcome = useOutcome();
  const columns: Column<Subscription>[] = [
    {
      key: 'name',
      header: t('name'),
      maxWidth: '16rem',
      render: ({ subscription_id: id, name }) => (
        <Link to="/connections/subscriptions/$subscriptionId" params={{ subscriptionId: id }}>
          <Untrusted text={name} isClipped />
        </Link>
      ),
    },
    {
      key: 'url',
      header: t('subscription.url'),
      maxWidth: '20rem',
      render: ({ url }) => <Untrusted text={url} isClipped />,
    },
    {
      key: 'brands',
      header: t('brands'),
      maxWidth: '10rem',
      render: ({ brands }) => (brands === null ? t('allBrands') : <Untrusted text={brands.join(', ')} isClipped />),
    },
    {
      key: 'status',
      header: t('status'),
      render: ({ status }) => <StatusBadge text={t(`subscription.statuses.${status}`)} />,
    },
    { key: 'failures', header: t('subscription.failures'), render: ({ failures }) => failures },
  ];
  return (
    <SectionPage
      of="subscriptions"
      search={search}
      rows={data?.subscriptions}
      next={data?.next_cursor}
      error={error}
      onRetry={() => void refetch()}
      columns={columns}
      rowKey={({ subscription_id: id }) => id}
    >
      <div>
        <DialogButton name={t('subscription.create')}>
          {(close) => <CreateSubscription outcome={outcome} onClose={close} />}
        </DialogButton>
      </div>
      {outcome.view}
    </SectionPage>
  );
}
