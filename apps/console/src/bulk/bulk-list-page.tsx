import './texts.ts';
import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { BulkOperation } from '../shared/client.ts';
import { CursorPages } from '../shared/cursor-pages.tsx';
import { DataTable, type Column } from '../shared/data-table.tsx';
import { FailureNote } from '../shared/failure-note.tsx';
import { Loading } from '../shared/loading.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { Untrusted } from '../shared/untrusted.tsx';
import { When } from '../shared/when.tsx';
import { BulkStatus } from './bulk-status.tsx';
import { bulkListQuery } from './bulk.queries.ts';
import { FilterText } from './filter-text.tsx';

const route = getRouteApi('/bulk-operations');

export function BulkListPage() {
  const { t } = useTranslation('bulk');
  const search = route.useSearch();
  const { data, error, refetch } = useQuery(bulkListQuery(search));
  return (
    <Stack>
      <PageTitle text={t('title')} />
      {error !== null && <FailureNote error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data?.bulk_operations.length === 0 && <Text>{t('none')}</Text>}
      {data !== undefined && data.bulk_operations.length > 0 && <BulkTable operations={data.bulk_operations} />}
      {data !== undefined && <CursorPages label={t('pages')} search={search} next={data.next_cursor} />}
    </Stack>
  );
}

function BulkTable({ operations }: { operations: BulkOperation[] }) {
  const { t } = useTranslation('bulk');
  const columns: Column<BulkOperation>[] = [
    {
      key: 'command',
      header: t('columns.command'),
      render: ({ id, command }) => (
        <Link to="/bulk-operations/$bulkId" params={{ bulkId: id }}>
          {t(`names.${command}`)}
        </Link>
      ),
    },
    { key: 'status', header: t('columns.status'), render: ({ status }) => <BulkStatus status={status} /> },
    {
      key: 'runs',
      header: t('columns.runs'),
      render: ({ done, skipped, failed, total }) => t('progress', { ended: done + skipped + failed, total }),
    },
    { key: 'filter', header: t('filter'), render: ({ filter }) => <FilterText filter={filter} />, maxWidth: '18rem' },
    {
      key: 'by',
      header: t('columns.by'),
      render: ({ by }) => <Untrusted text={by} isClipped />,
      maxWidth: '12rem',
    },
    { key: 'created', header: t('columns.created'), render: ({ created_at }) => <When at={created_at} /> },
  ];
  return <DataTable label={t('title')} columns={columns} rows={operations} rowKey={({ id }) => id} minWidth="48rem" />;
}
