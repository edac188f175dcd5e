import './texts.ts';
import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { BulkCommands } from '../bulk/bulk-commands.tsx';
import { isAdministrator, useSession } from '../session/session.ts';
import { CursorPages } from '../shared/cursor-pages.tsx';
import { FailureNote } from '../shared/failure-note.tsx';
import { Loading } from '../shared/loading.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { ColumnChoice } from './column-choice.tsx';
import { useRunColumns } from './run-columns.ts';
import { RunFilters } from './run-filters.tsx';
import { RunTable } from './run-table.tsx';
import { filtersOf } from './runs-search.ts';
import { runsQuery } from './runs.queries.ts';
import { ViewList } from './view-list.tsx';

const route = getRouteApi('/runs');

export function RunsPage() {
  const { t } = useTranslation('runs');
  const session = useSession();
  const search = route.useSearch();
  const { data, error, refetch } = useQuery(runsQuery(search));
  const { columns, toggle } = useRunColumns();
  return (
    <Stack>
      <PageTitle text={t('title')} />
      <ViewList search={search} />
      <RunFilters search={search} />
      {isAdministrator(session) && <BulkCommands filters={filtersOf(search)} />}
      {error !== null && <FailureNote error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && (
        <>
          <ColumnChoice shown={columns} onToggle={toggle} />
          {data.runs.length === 0 ? <Text>{t('none')}</Text> : <RunTable runs={data.runs} columns={columns} />}
          <CursorPages label={t('pages')} search={search} next={data.next_cursor} />
        </>
      )}
    </Stack>
  );
}
