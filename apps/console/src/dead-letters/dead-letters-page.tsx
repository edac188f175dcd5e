import './texts.ts';
import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { CursorPages } from '../shared/cursor-pages.tsx';
import { DataTable, type Column } from '../shared/data-table.tsx';
import { FailureNote } from '../shared/failure-note.tsx';
import { Loading } from '../shared/loading.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { sayError } from '../shared/said/said.ts';
import { useLanguage } from '../shared/said/use-language.ts';
import { Untrusted } from '../shared/untrusted.tsx';
import { When } from '../shared/when.tsx';
import { DeadLetterFilters } from './dead-letter-filters.tsx';
import { DeadLetterReasons } from './dead-letter-reasons.tsx';
import { DeadLetterState } from './dead-letter-state.tsx';
import { deadLettersQuery, type DeadLetter } from './dead-letters.queries.ts';

const route = getRouteApi('/dead-letters');

export function DeadLettersPage() {
  const { t } = useTranslation('deadLetters');
  const search = route.useSearch();
  const { data, error, refetch } = useQuery(deadLettersQuery(search));
  return (
    <Stack>
      <PageTitle text={t('title')} />
      <Text>{t('intro')}</Text>
      <DeadLetterReasons />
      <DeadLetterFilters search={search} />
      {error !== null && <FailureNote error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && (
        <>
          {data.dead_letters.length === 0 ? <Text>{t('none')}</Text> : <LetterTable letters={data.dead_letters} />}
          <CursorPages label={t('pages')} search={search} next={data.next_cursor} />
        </>
      )}
    </Stack>
  );
}

function LetterTable({ letters }: { letters: DeadLetter[] }) {
  const { t } = useTranslation('deadLetters');
  const language = useLanguage();
  const columns: Column<DeadLetter>[] = [
    {
      key: 'at',
      header: t('at'),
      render: ({ at, dead_letter_id: id }) => (
        <Link to="/dead-letters/$letterId" params={{ letterId: id }}>
          <When at={at} />
        </Link>
      ),
    },
    {
      key: 'reason',
      header: t('reason'),
      maxWidth: '12rem',
      render: ({ reason }) => <Untrusted text={reason} isClipped />,
    },
    {
      key: 'message',
      header: t('message'),
      maxWidth: '20rem',
      render: ({ reason, message }) => (
        <Untrusted text={sayError(language, reason, message).text} title={message} isClipped />
      ),
    },
    {
      key: 'origin',
      header: t('origin'),
      maxWidth: '14rem',
      render: ({ origin }) => <Untrusted text={`${origin.topic}/${origin.partition}/${origin.offset}`} isClipped />,
    },
    { key: 'state', header: t('state'), render: ({ state }) => <DeadLetterState state={state} /> },
  ];
  return <DataTable label={t('title')} columns={columns} rows={letters} rowKey={({ dead_letter_id: id }) => id} />;
}
