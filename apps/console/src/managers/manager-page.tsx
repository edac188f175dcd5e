import '../crm/texts.ts';
import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { notificationsQuery, tasksQuery } from '../crm/crm.queries.ts';
import { NotificationTable } from '../crm/notification-table.tsx';
import { RecordList } from '../crm/record-list.tsx';
import { TaskTable } from '../crm/task-table.tsx';
import { ViewLinks } from '../crm/view-links.tsx';
import { Fact, Facts } from '../shared/facts.tsx';
import { FailureNote } from '../shared/failure-note.tsx';
import { Loading } from '../shared/loading.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { Untrusted } from '../shared/untrusted.tsx';
import { managerViews, type ManagerSearch } from './manager-search.ts';
import { managerQuery, type Manager } from './manager.queries.ts';

const route = getRouteApi('/managers/$managerId');

export function ManagerPage() {
  const { t } = useTranslation('crm');
  const { managerId } = route.useParams();
  const search = route.useSearch();
  const { data, error, refetch } = useQuery(managerQuery(managerId));
  const { view = 'unread' } = search;
  const isOfTasks = view === 'open' || view === 'done';
  return (
    <Stack>
      <PageTitle text={t('manager', { name: data?.name ?? managerId })} />
      {error !== null && <FailureNote error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && (
        <>
          <ManagerFacts manager={data} />
          <ViewLinks views={managerViews} current={view} search={{}} />
          {isOfTasks ? (
            <Tasks key={view} managerId={managerId} search={search} state={view} />
          ) : (
            <Notifications key={view} managerId={managerId} search={search} isUnread={view === 'unread'} />
          )}
        </>
      )}
    </Stack>
  );
}

function ManagerFacts({ manager: { email, enabled, brands, is_caller } }: { manager: Manager }) {
  const { t } = useTranslation('crm');
  return (
    <>
      {is_caller && <div>{t('facts.caller')}</div>}
      <Facts>
        <Fact name={t('facts.email')}>{email === null ? null : <Untrusted text={email} />}</Fact>
        <Fact name={t('facts.enabled')}>{t(enabled ? 'yes' : 'no')}</Fact>
        <Fact name={t('facts.brands')}>
          {brands === null ? t('allBrands') : <Untrusted text={brands.join(', ')} />}
        </Fact>
      </Facts>
    </>
  );
}

interface Props {
  managerId: string;
  search: ManagerSearch;
}

function asked({ managerId, search: { cursor } }: Props) {
  return { manager_id: managerId, ...(cursor !== undefined && { cursor }) };
}

function Notifications({ isUnread, ...props }: Props & { isUnread: boolean }) {
  const { t } = useTranslation('crm');
  const query = useQuery(notificationsQuery({ ...asked(props), unread: isUnread ? 'true' : 'false' }));
  return (
    <RecordList query={query} rowsOf={({ notifications }) => notifications} search={props.search}>
      {(notifications) => <NotificationTable label={t('view.notifications')} notifications={notifications} />}
    </RecordList>
  );
}

function Tasks({ state, ...props }: Props & { state: 'open' | 'done' }) {
  const { t } = useTranslation('crm');
  const query = useQuery(tasksQuery({ ...asked(props), state }));
  return (
    <RecordList query={query} rowsOf={({ tasks }) => tasks} search={props.search}>
      {(tasks) => <TaskTable label={t('view.tasks')} tasks={tasks} />}
    </RecordList>
  );
}
