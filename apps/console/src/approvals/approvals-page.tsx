import './texts.ts';
import { Anchor, Group, Paper, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createLink, getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Approval } from '../shared/client.ts';
import { CursorPages } from '../shared/cursor-pages.tsx';
import { FailureNote } from '../shared/failure-note.tsx';
import { Loading } from '../shared/loading.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { Untrusted } from '../shared/untrusted.tsx';
import { When } from '../shared/when.tsx';
import { approvalViews } from './approvals-search.ts';
import { ApprovalState } from './approval-state.tsx';
import { approvalsQuery } from './approvals.queries.ts';

const route = getRouteApi('/approvals');
const ViewLink = createLink(Anchor<'a'>);

export function ApprovalsPage() {
  const { t } = useTranslation('approvals');
  const search = route.useSearch();
  const { data, error, refetch } = useQuery(approvalsQuery(search));
  const current = search.view ?? 'mine';
  const pageNames = current === 'all' ? undefined : { first: t('firstPage'), next: t('nextPage') };
  return (
    <Stack>
      <PageTitle text={t('title')} />
      <Group component="nav" aria-label={t('views')}>
        {approvalViews.map((view) => (
          <ViewLink
            key={view}
            to="/approvals"
            search={view === 'mine' ? {} : { view }}
            fw={view === current ? 700 : 400}
            aria-current={view === current}
          >
            {t(`view.${view}`)}
          </ViewLink>
        ))}
      </Group>
      {error !== null && <FailureNote error={error} onRetry={() => void refetch()} />}
      {data === undefined ? error === null && <Loading /> : <ApprovalList approvals={data.approvals} />}
      {data !== undefined && (
        <CursorPages label={t('pages')} search={search} next={data.next_cursor} names={pageNames} />
      )}
    </Stack>
  );
}

function ApprovalList({ approvals }: { approvals: Approval[] }) {
  const { t } = useTranslation('approvals');
  if (approvals.length === 0) return <Text>{t('none')}</Text>;
  return (
    <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: 'none' }} aria-label={t('title')}>
      {approvals.map((one) => (
        <Paper component="li" withBorder p="sm" key={`${one.run_id} ${one.action} ${one.asked_at}`}>
          <ApprovalRow approval={one} />
        </Paper>
      ))}
    </Stack>
  );
}

function ApprovalRow({ approval }: { approval: Approval }) {
  const { t } = useTranslation('approvals');
  const { token, title, rule_name, customer_id, login, tenant, asked_at, expires_at } = approval;
  const text = <Untrusted text={title} isClipped />;
  const whom = [customer_id, login, tenant].filter((one) => one !== null).join(' · ');
  return (
    <Stack gap={4}>
      <Group justify="space-between" gap="xs">
        {token === null ? (
          text
        ) : (
          <Link to="/approvals/$token" params={{ token }}>
            {text}
          </Link>
        )}
        <ApprovalState approval={approval} />
      </Group>
      <Text size="sm" component="div">
        <Untrusted text={rule_name} isClipped /> {whom !== '' && <Untrusted text={whom} isClipped />}
      </Text>
      <Text size="sm" c="dimmed">
        {t('asked')} <When at={asked_at} /> · {t('due')} {expires_at === null ? t('never') : <When at={expires_at} />}
      </Text>
    </Stack>
  );
}
