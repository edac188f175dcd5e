import { Button, Text } from '@mantine/core';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { DataTable, type Column } from '../shared/data-table.tsx';
import { FailureNote } from '../shared/failure-note.tsx';
import { Untrusted } from '../shared/untrusted.tsx';
import { useWrite } from '../shared/use-write.ts';
import { When } from '../shared/when.tsx';
import { readNotification, type Notification } from './crm.queries.ts';
import { CustomerLink, ManagerLink, RuleAndRun } from './record-cells.tsx';

interface Props {
  label: string;
  notifications: Notification[];
}

export function NotificationTable({ label, notifications }: Props) {
  const { t } = useTranslation('crm');
  const told = useRef<HTMLDivElement>(null);
  const read = useWrite((id: string) => readNotification(id), {
    changes: [['notifications']],
    // The button that was pressed is gone.
    onTaken: () => told.current?.focus(),
  });
  const columns: Column<Notification>[] = [
    {
      key: 'state',
      header: t('columns.state'),
      render: (one) => <ReadState notification={one} onRead={read.write} />,
    },
    {
      key: 'message',
      header: t('columns.message'),
      render: ({ title, message }) => (
        <>
          <Text fw={600} component="div">
            <Untrusted text={title} isClipped />
          </Text>
          <Untrusted text={message} isClipped />
        </>
      ),
      maxWidth: '24rem',
    },
    {
      key: 'customer',
      header: t('columns.customer'),
      render: ({ customer_id, brand }) => <CustomerLink id={customer_id} brand={brand} />,
      maxWidth: '12rem',
    },
    { key: 'manager', header: t('columns.manager'), render: ({ manager_id }) => <ManagerLink id={manager_id} /> },
    { key: 'brand', header: t('columns.brand'), render: ({ brand }) => <Untrusted text={brand ?? '–'} isClipped /> },
    { key: 'rule', header: t('columns.rule'), render: (one) => <RuleAndRun {...one} />, maxWidth: '16rem' },
    { key: 'time', header: t('columns.time'), render: ({ created_at }) => <When at={created_at} /> },
  ];
  return (
    <>
      <div role="status" ref={told} tabIndex={-1}>
        {read.isSuccess && t('wasRead')}
      </div>
      {read.error !== null && <FailureNote error={read.error} />}
      <DataTable
        label={label}
        columns={columns}
        rows={notifications}
        rowKey={({ notification_id }) => notification_id}
        minWidth="68rem"
      />
    </>
  );
}

interface State {
  notification: Notification;
  onRead: (id: string) => void;
}

function ReadState({ notification: { notification_id, unread, may_read, read_at, read_by }, onRead }: State) {
  const { t } = useTranslation('crm');
  return (
    <>
      {t(unread ? 'states.unread' : 'states.read')}
      {read_at !== null && (
        <Text size="sm" c="dimmed" component="div">
          <When at={read_at} /> {read_by !== null && <Untrusted text={read_by} isClipped />}
        </Text>
      )}
      {unread && may_read && (
        <div>
          <Button size="compact-xs" variant="default" onClick={() => onRead(notification_id)}>
            {t('read')}
          </Button>
        </div>
      )}
    </>
  );
}
