import { Stack, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CursorPages } from '../shared/cursor-pages.tsx';
import { FailureNote } from '../shared/failure-note.tsx';
import { Loading } from '../shared/loading.tsx';

interface Props<Data, Row> {
  query: UseQueryResult<Data & { next_cursor: string | null }>;
  rowsOf: (data: Data) => Row[];
  /** The search parameters of the page. */
  search: { cursor?: string };
  children: (rows: Row[]) => ReactNode;
}

/** A page of a list, or what stands in its place. */
export function RecordList<Data, Row>({ query, rowsOf, search, children }: Props<Data, Row>) {
  const { t } = useTranslation('crm');
  const { data, error, refetch } = query;
  const rows = data === undefined ? [] : rowsOf(data);
  return (
    <Stack>
      {error !== null && <FailureNote error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && (
        <>
          {rows.length === 0 ? <Text>{t('none')}</Text> : children(rows)}
          <CursorPages label={t('pages')} search={search} next={data.next_cursor} />
        </>
      )}
    </Stack>
  );
}
