import './texts.ts';
import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { CursorPages } from '../shared/cursor-pages.tsx';
import { FailureNote } from '../shared/failure-note.tsx';
import { Loading } from '../shared/loading.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { RunFilters } from './run-filters.tsx';
import { RunTable } from './run-table.tsx';
import { runsQuery } from './runs.queries.ts';

const route = getRouteApi('/runs');

export function RunsPage() {
  const { t } = useTranslation('runs');
  const search = route.useSearch();
  const { data, error, refetch } = useQuery(runsQuery(search));
  return (
    <Stack>
      <PageTitle text={t('title')} />
      <RunFilters search={search} />
      {error !== null && <FailureNote error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && (
        <>
          {data.runs.length === 0 ? <Text>{t('none')}</Text> : <RunTable runs={data.runs} />}
          <CursorPages label={t('pages')} search={search} next={data.next_cursor} />
        </>
      )}
    </Stack>
  );
}
