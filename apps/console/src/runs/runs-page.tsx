import { Anchor, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createLink, getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { FailureNote } from '../shared/failure-note.tsx';
import { Loading } from '../shared/loading.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { RunFilters } from './run-filters.tsx';
import { RunTable } from './run-table.tsx';
import { runsQuery } from './runs.queries.ts';
import type { RunsSearch } from './runs-search.ts';

const route = getRouteApi('/runs');
const PageLink = createLink(Anchor<'a'>);

export function RunsPage() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const { data, error, refetch } = useQuery(runsQuery(search));
  return (
    <Stack>
      <PageTitle text={t('runs.title')} />
      <RunFilters search={search} />
      {error !== null && <FailureNote error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && (
        <>
          {data.runs.length === 0 ? <Text>{t('runs.none')}</Text> : <RunTable runs={data.runs} />}
          <Pages search={search} next={data.next_cursor} />
        </>
      )}
    </Stack>
  );
}

/** The way back is the browser's. */
function Pages({ search: { cursor, ...filters }, next }: { search: RunsSearch; next: string | null }) {
  const { t } = useTranslation();
  return (
    <Group component="nav" aria-label={t('runs.pages')}>
      {cursor !== undefined && (
        <PageLink to="/runs" search={filters}>
          {t('runs.newest')}
        </PageLink>
      )}
      {next !== null && (
        <PageLink to="/runs" search={{ ...filters, cursor: next }}>
          {t('runs.older')}
        </PageLink>
      )}
    </Group>
  );
}
