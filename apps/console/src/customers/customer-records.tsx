/** What runs have left at a customer: each part with pages of its own. */
import '../runs/texts.ts';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import {
  assignmentsQuery,
  notesQuery,
  notificationsQuery,
  tasksQuery,
  type Assignment,
  type Note,
} from '../crm/crm.queries.ts';
import { NotificationTable } from '../crm/notification-table.tsx';
import { ManagerLink, RuleAndRun } from '../crm/record-cells.tsx';
import { RecordList } from '../crm/record-list.tsx';
import { TaskTable } from '../crm/task-table.tsx';
import { RunTable } from '../runs/run-table.tsx';
import { runsQuery } from '../runs/runs.queries.ts';
import { DataTable, type Column } from '../shared/data-table.tsx';
import { Untrusted } from '../shared/untrusted.tsx';
import { When } from '../shared/when.tsx';
import type { CustomerSearch, CustomerView } from './customer-search.ts';

interface Props {
  customerId: string;
  search: CustomerSearch;
}

const parts: Record<CustomerView, (props: Props) => React.JSX.Element> = {
  tasks: Tasks,
  notes: Notes,
  notifications: Notifications,
  assignments: Assignments,
  runs: Runs,
};

export function CustomerRecords({ view, ...props }: Props & { view: CustomerView }) {
  const Part = parts[view];
  return <Part {...props} />;
}

function asked({ customerId, search: { view: _view, ...rest } }: Props) {
  return { customer_id: customerId, ...rest };
}

function Tasks(props: Props) {
  const { t } = useTranslation('crm');
  const query = useQuery(tasksQuery(asked(props)));
  return (
    <RecordList query={query} rowsOf={({ tasks }) => tasks} search={props.search}>
      {(tasks) => <TaskTable label={t('view.tasks')} tasks={tasks} />}
    </RecordList>
  );
}

function Notifications(props: Props) {
  const { t } = useTranslation('crm');
  const query = useQuery(notificationsQuery(asked(props)));
  return (
    <RecordList query={query} rowsOf={({ notifications }) => notifications} search={props.search}>
      {(notifications) => <NotificationTable label={t('view.notifications')} notifications={notifications} />}
    </RecordList>
  );
}

function Notes(props: Props) {
  const { t } = useTranslation('crm');
  const query = useQuery(notesQuery(asked(props)));
  const columns: Column<Note>[] = [
    {
      key: 'note',
      header: t('columns.note'),
      render: ({ body }) => <Untrusted text={body} isClipped />,
      maxWidth: '32rem',
    },
    { key: 'brand', header: t('columns.brand'), render: ({ brand }) => <Untrusted text={brand ?? '–'} isClipped /> },
    { key: 'rule', header: t('columns.rule'), render: (note) => <RuleAndRun {...note} />, maxWidth: '16rem' },
    { key: 'time', header: t('columns.time'), render: ({ created_at }) => <When at={created_at} /> },
  ];
  return (
    <RecordList query={query} rowsOf={({ notes }) => notes} search={props.search}>
      {(notes) => (
        <DataTable label={t('view.notes')} columns={columns} rows={notes} rowKey={({ note_id }) => note_id} />
      )}
    </RecordList>
  );
}

function Assignments(props: Props) {
  const { t } = useTranslation('crm');
  const query = useQuery(assignmentsQuery(asked(props)));
  const columns: Column<Assignment>[] = [
    { key: 'manager', header: t('columns.manager'), render: ({ manager_id }) => <ManagerLink id={manager_id} /> },
    {
      key: 'team',
      header: t('columns.team'),
      render: ({ team_id, desk }) => (
        <Untrusted text={[team_id, desk].filter((one) => one !== null).join(' · ') || '–'} isClipped />
      ),
    },
    { key: 'brand', header: t('columns.brand'), render: ({ brand }) => <Untrusted text={brand ?? '–'} isClipped /> },
    { key: 'rule', header: t('columns.rule'), render: (one) => <RuleAndRun {...one} />, maxWidth: '16rem' },
    { key: 'time', header: t('columns.time'), render: ({ created_at }) => <When at={created_at} /> },
  ];
  return (
    <RecordList query={query} rowsOf={({ assignments }) => assignments} search={props.search}>
      {(assignments) => (
        <DataTable
          label={t('view.assignments')}
          columns={columns}
          rows={assignments}
          rowKey={({ assignment_id }) => assignment_id}
        />
      )}
    </RecordList>
  );
}

function Runs(props: Props) {
  const query = useQuery(runsQuery(asked(props)));
  return (
    <RecordList query={query} rowsOf={({ runs }) => runs} search={props.search}>
      {(runs) => <RunTable runs={runs} />}
    </RecordList>
  );
}
