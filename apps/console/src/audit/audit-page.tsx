import './texts.ts';
import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { CursorPages } from '../shared/cursor-pages.tsx';
import { FailureNote } from '../shared/failure-note.tsx';
import { Loading } from '../shared/loading.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { AuditFilters } from './audit-filters.tsx';
import { AuditTable } from './audit-table.tsx';
import { auditQuery } from './audit.queries.ts';

const route = getRouteApi('/audit');

/** Who changed what, newest first. */
export function AuditPage() {
  const { t } = useTranslation('audit');
  const search = route.useSearch();
  const { data, error, refetch } = useQuery(auditQuery(search));
  return (
    <Stack>
      <PageTitle text={t('title')} />
      <AuditFilters search={search} />
      {error !== null && <FailureNote error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && (
        <>
          {data.entries.length === 0 ? <Text>{t('none')}</Text> : <AuditTable entries={data.entries} />}
          <CursorPages label={t('pages')} search={search} next={data.next_cursor} />
        </>
      )}
    </Stack>
  );
}
