import '../texts.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Column } from '../../shared/data-table.tsx';
import { Untrusted } from '../../shared/untrusted.tsx';
import { When } from '../../shared/when.tsx';
import { applicationsQuery, type WebhookApplication } from '../connections.queries.ts';
import { DialogButton } from '../dialog-button.tsx';
import { useOutcome } from '../outcome.tsx';
import { SectionPage } from '../section-page.tsx';
import { StatusBadge } from '../status-badge.tsx';
import { CreateApplication } from './application-forms.tsx';

const route = getRouteApi('/connections/applications');

export function ApplicationsPage() {
  const { t } = useTranslation('connections');
  const search = route.useSearch();
  const { data, error, refetch } = useQuery(applicationsQuery(search));
  const outcome = useOutcome();
  const columns: Column<WebhookApplication>[] = [
    {
      key: 'name',
      header: t('name'),
      maxWidth: '16rem',
      render: ({ application_id: id, name }) => (
        <Link to="/connections/applications/$applicationId" params={{ applicationId: id }}>
          <Untrusted text={name} isClipped />
        </Link>
      ),
    },
    {
      key: 'description',
      header: t('description'),
      maxWidth: '20rem',
      render: ({ description }) => <Untrusted text={description} isClipped />,
    },
    {
      key: 'status',
      header: t('status'),
      render: ({ enabled }) => <StatusBadge text={t(`application.statuses.${enabled}`)} />,
    },
    { key: 'created', header: t('created'), render: ({ created_at: at }) => <When at={at} /> },
  ];
  return (
    <SectionPage
      of="applications"
      search={search}
      rows={data?.applications}
      next={data?.next_cursor}
      error={error}
      onRetry={() => void refetch()}
      columns={columns}
      rowKey={({ application_id: id }) => id}
    >
      <div>
        <DialogButton name={t('application.create')}>
          {(close) => <CreateApplication outcome={outcome} onClose={close} />}
        </DialogButton>
      </div>
      {outcome.view}
    </SectionPage>
  );
}
