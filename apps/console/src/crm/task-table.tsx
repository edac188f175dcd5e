import { Button, Text } from '@mantine/core';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AskDialog } from '../shared/ask-dialog.tsx';
import { DataTable, type Column } from '../shared/data-table.tsx';
import { Untrusted } from '../shared/untrusted.tsx';
import { useWrite } from '../shared/use-write.ts';
import { When } from '../shared/when.tsx';
import { closeTask, type Task } from './crm.queries.ts';
import { CustomerLink, ManagerLink, RuleAndRun } from './record-cells.tsx';

interface Props {
  label: string;
  tasks: Task[];
}

export function TaskTable({ label, tasks }: Props) {
  const { t } = useTranslation('crm');
  const [asked, setAsked] = useState<Task | null>(null);
  const told = useRef<HTMLDivElement>(null);
  const close = useWrite((id: string) => closeTask(id), {
    changes: [['tasks']],
    onTaken: () => {
      setAsked(null);
      // The button that was pressed is gone.
      told.current?.focus();
    },
  });
  const columns: Column<Task>[] = [
    { key: 'state', header: t('columns.state'), render: (task) => <TaskState task={task} onClose={setAsked} /> },
    {
      key: 'title',
      header: t('columns.title'),
      render: ({ title, type }) => (
        <>
          <Untrusted text={title} isClipped />
          <Text size="sm" c="dimmed" component="div">
            <Untrusted text={type} isClipped />
          </Text>
        </>
      ),
      maxWidth: '20rem',
    },
    { key: 'due', header: t('columns.due'), render: ({ due_at }) => <When at={due_at} /> },
    {
      key: 'customer',
      header: t('columns.customer'),
      render: ({ customer_id, brand }) => <CustomerLink id={customer_id} brand={brand} />,
      maxWidth: '12rem',
    },
    {
      key: 'manager',
      header: t('columns.manager'),
      render: ({ manager_id }) => (manager_id === null ? t('anyManager') : <ManagerLink id={manager_id} />),
    },
    { key: 'brand', header: t('columns.brand'), render: ({ brand }) => <Untrusted text={brand ?? '–'} isClipped /> },
    { key: 'rule', header: t('columns.rule'), render: (task) => <RuleAndRun {...task} />, maxWidth: '16rem' },
    { key: 'time', header: t('columns.time'), render: ({ created_at }) => <When at={created_at} /> },
  ];
  return (
    <>
      <div role="status" ref={told} tabIndex={-1}>
        {close.isSuccess && t('closed')}
      </div>
      <DataTable label={label} columns={columns} rows={tasks} rowKey={({ task_id }) => task_id} minWidth="72rem" />
      {asked !== null && (
        <AskDialog
          title={t('close')}
          text={t('closeText', { title: asked.title.slice(0, 200) })}
          confirm={t('close')}
          isPending={close.isPending}
          error={close.error}
          onConfirm={() => close.write(asked.task_id)}
          onClose={() => {
            close.reset();
            setAsked(null);
          }}
        />
      )}
    </>
  );
}

function TaskState({ task, onClose }: { task: Task; onClose: (task: Task) => void }) {
  const { t } = useTranslation('crm');
  const { state, may_close, done_at, done_by } = task;
  return (
    <>
      {t(`states.${state}`)}
      {state === 'done' && (
        <Text size="sm" c="dimmed" component="div">
          <When at={done_at} /> {done_by !== null && <Untrusted text={done_by} isClipped />}
        </Text>
      )}
      {state === 'open' && may_close && (
        <div>
          <Button size="compact-xs" variant="default" onClick={() => onClose(task)}>
            {t('close')}
          </Button>
        </div>
      )}
    </>
  );
}
