import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isAdministrator, useSession } from '../session/session.ts';
import { CursorPages } from '../shared/cursor-pages.tsx';
import { DataTable, type Column } from '../shared/data-table.tsx';
import { FailureNote } from '../shared/failure-note.tsx';
import { Loading } from '../shared/loading.tsx';
import type { PageSearch } from './connections-search.ts';
import { SectionHead, type Section } from './section-head.tsx';

interface Props<Row> {
  of: Section;
  search: PageSearch;
  /** Undefined while they are read. */
  rows: readonly Row[] | undefined;
  next: string | null | undefined;
  error: Error | null;
  onRetry: () => void;
  columns: readonly Column<Row>[];
  rowKey: (row: Row) => string;
  /** What makes another one, and what came of it. */
  children: ReactNode;
}

/** The list of one kind of connection. */
export function SectionPage<Row>({ of, search, rows, next, error, onRetry, columns, rowKey, children }: Props<Row>) {
  const { t } = useTranslation('connections');
  const mayChange = isAdministrator(useSession());
  return (
    <Stack>
      <SectionHead title={t(`parts.${of}`)} />
      {mayChange && children}
      {error !== null && <FailureNote error={error} onRetry={onRetry} />}
      {rows === undefined && error === null && <Loading />}
      {rows !== undefined && (
        <>
          {rows.length === 0 ? (
            <Text>{t(`none.${of}`)}</Text>
          ) : (
            <DataTable label={t(`parts.${of}`)} columns={columns} rows={rows} rowKey={rowKey} />
          )}
          <CursorPages label={t('pages')} search={search} next={next ?? null} />
        </>
      )}
    </Stack>
  );
}
