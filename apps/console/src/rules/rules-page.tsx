import './texts.ts';
import { Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isAdministrator, useSession } from '../session/session.ts';
import { CursorPages } from '../shared/cursor-pages.tsx';
import { FailureNote } from '../shared/failure-note.tsx';
import { LinkButton } from '../shared/link-button.tsx';
import { Loading } from '../shared/loading.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { RuleCommandDialog, type AskedCommand } from './rule-command-dialog.tsx';
import { RuleFilters } from './rule-filters.tsx';
import { RuleTable } from './rule-table.tsx';
import { rulesQuery } from './rules.queries.ts';

const route = getRouteApi('/rules');

export function RulesPage() {
  const { t } = useTranslation('rules');
  const search = route.useSearch();
  const isAdmin = isAdministrator(useSession());
  const { data, error, refetch } = useQuery(rulesQuery(search));
  const [asked, setAsked] = useState<AskedCommand | null>(null);
  const [done, setDone] = useState('');
  return (
    <Stack>
      <Group justify="space-between">
        <PageTitle text={t('title')} />
        {isAdmin && <LinkButton to="/rules/new">{t('newRule')}</LinkButton>}
      </Group>
      <RuleFilters search={search} />
      <Text role="status">{done}</Text>
      {error !== null && <FailureNote error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && (
        <>
          {data.rules.length === 0 ? (
            <Text>{t('none')}</Text>
          ) : (
            <RuleTable rules={data.rules} onAsk={isAdmin ? setAsked : null} />
          )}
          <CursorPages label={t('pages')} search={search} next={data.next_cursor} />
        </>
      )}
      {asked !== null && (
        <RuleCommandDialog
          key={`${asked.rule.id} ${asked.command}`}
          asked={asked}
          onTaken={(rule) => {
            setDone(t(`taken.${asked.command}`, { name: rule.name.slice(0, 100) }));
            setAsked(null);
          }}
          onClose={() => setAsked(null)}
        />
      )}
    </Stack>
  );
}
