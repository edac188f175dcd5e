import './texts.ts';
import { Anchor, Group, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createLink, getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { CursorPages } from '../shared/cursor-pages.tsx';
import { FilterForm } from '../shared/filter-form.tsx';
import { FailureNote } from '../shared/failure-note.tsx';
import { LinkButton } from '../shared/link-button.tsx';
import { Loading } from '../shared/loading.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { isAdministrator, useSession } from '../session/session.ts';
import { readDirectorySearch, type DirectorySearch } from './directory-search.ts';
import { recordsQuery } from './directory.queries.ts';
import { isKind, isOpen, type Kind } from './kinds.ts';
import { NewRecord } from './new-record.tsx';
import { RecordTable } from './record-table.tsx';

const route = getRouteApi('/directory/$kind');
const PageLink = createLink(Anchor<'a'>);

export function KindPage() {
  const { t } = useTranslation('directory');
  const { kind } = route.useParams();
  const search = route.useSearch();
  return (
    <Stack>
      <PageLink to="/directory">{t('title')}</PageLink>
      {!isKind(kind) && (
        <>
          <PageTitle text={t('title')} />
          <Text>{t('unknownKind')}</Text>
        </>
      )}
      {isKind(kind) && search.add === 'yes' && <NewRecord key={kind} kind={kind} />}
      {isKind(kind) && search.add !== 'yes' && <Records key={kind} kind={kind} search={search} />}
    </Stack>
  );
}

function Records({ kind, search }: { kind: Kind; search: DirectorySearch }) {
  const { t } = useTranslation('directory');
  const session = useSession();
  const { data, error, refetch } = useQuery(recordsQuery(kind, search));
  return (
    <>
      <PageTitle text={t(`kinds.${kind}`)} />
      <Text>{t(`abouts.${kind}`)}</Text>
      {isAdministrator(session) && (
        <Group>
          <LinkButton to="/directory/$kind" params={{ kind }} search={{ add: 'yes' }} variant="default">
            {t('add')}
          </LinkButton>
        </Group>
      )}
      <SearchForm kind={kind} search={search} />
      {error !== null && <FailureNote error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && (
        <>
          {data.records.length > 0 && <RecordTable kind={kind} records={data.records} />}
          {data.records.length === 0 && <Text>{t(data.next_cursor === null ? 'none' : 'fewer')}</Text>}
          <CursorPages label={t('pages')} search={search} next={data.next_cursor} />
        </>
      )}
    </>
  );
}

function SearchForm({ kind, search }: { kind: Kind; search: DirectorySearch }) {
  const { t } = useTranslation('directory');
  const navigate = useNavigate();
  return (
    <FilterForm
      label={t('search')}
      submit={t('search')}
      search={search}
      onApply={(given) =>
        void navigate({ to: '/directory/$kind', params: { kind }, search: readDirectorySearch(given) })
      }
    >
      <TextInput
        name="search"
        label={t(isOpen(kind) ? 'searchIdHint' : 'searchHint')}
        defaultValue={search.search ?? ''}
        maxLength={200}
      />
    </FilterForm>
  );
}
