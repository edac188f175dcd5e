import '../texts.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Column } from '../../shared/data-table.tsx';
import { Untrusted } from '../../shared/untrusted.tsx';
import { webhooksQuery, type WorkflowWebhook } from '../connections.queries.ts';
import { DialogButton } from '../dialog-button.tsx';
import { useOutcome } from '../outcome.tsx';
import { SectionPage } from '../section-page.tsx';
import { StatusBadge } from '../status-badge.tsx';
import { CreateWebhook } from './webhook-forms.tsx';

const route = getRouteApi('/connections/webhooks');

export function WebhooksPage() {
  const { t } = useTranslation('connections');
  const search = route.useSearch();
  const { data, error, refetch } = useQuery(webhooksQuery(search));
  const outcome = useOutcome();
  const columns: Column<WorkflowWebhook>[] = [
    {
      key: 'name',
      header: t('name'),
      maxWidth: '16rem',
      render: ({ id, name }) => (
        <Link to="/connections/webhooks/$webhookId" params={{ webhookId: id }}>
          <Untrusted text={name} isClipped />
        </Link>
      ),
    },
    { key: 'id', header: t('webhook.id'), maxWidth: '14rem', render: ({ id }) => <Untrusted text={id} isClipped /> },
    {
      key: 'brand',
      header: t('brand'),
      maxWidth: '10rem',
      render: ({ brand }) => brand !== null && <Untrusted text={brand} isClipped />,
    },
    {
      key: 'status',
      header: t('status'),
      render: ({ enabled }) => <StatusBadge text={t(`webhook.statuses.${enabled}`)} />,
    },
  ];
  return (
    <SectionPage
      of="webhooks"
      search={search}
      rows={data?.webhooks}
      next={data?.next_cursor}
      error={error}
      onRetry={() => void refetch()}
      columns={columns}
      rowKey={({ id }) => id}
    >
      <div>
        <DialogButton name={t('webhook.create')}>
          {(close) => <CreateWebhook outcome={outcome} onClose={close} />}
        </DialogButton>
      </div>
      {outcome.view}
    </SectionPage>
  );
}
