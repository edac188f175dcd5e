import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { DataTable, type Column } from '../shared/data-table.tsx';
import { Untrusted } from '../shared/untrusted.tsx';
import type { RecordPage } from './directory.queries.ts';
import { toText } from './field-values.ts';
import { FieldValue } from './field-value.tsx';
import { columnsOf, type Kind } from './kinds.ts';

type Row = RecordPage['records'][number];

export function RecordTable({ kind, records }: { kind: Kind; records: Row[] }) {
  const { t } = useTranslation('directory');
  const columns: Column<Row>[] = [
    {
      key: 'entry',
      header: t('entry'),
      render: ({ id, record }) => (
        <Link to="/directory/$kind/$id" params={{ kind, id }}>
          <Untrusted text={toText(record['code'] ?? record['id'] ?? record['login'] ?? record['name'])} isClipped />
        </Link>
      ),
      maxWidth: '16rem',
    },
    ...columnsOf[kind].map((name) => ({
      key: name,
      header: t(`fields.${name}`),
      render: ({ record }: Row) => <FieldValue name={name} value={record[name]} isShort />,
      maxWidth: '16rem',
    })),
  ];
  return <DataTable label={t(`kinds.${kind}`)} columns={columns} rows={records} rowKey={({ id }) => id} />;
}
