import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { RuleChange } from '../shared/client.ts';
import { DataTable, type Column } from '../shared/data-table.tsx';
import { Untrusted } from '../shared/untrusted.tsx';
import './texts.ts';

/** Beyond it a value is cut: a rule may be a megabyte. */
const mostLetters = 2000;

/** What is different, field by field. */
export function RuleChanges({ changes, label }: { changes: readonly RuleChange[]; label: string }) {
  const { t } = useTranslation('rules');
  if (changes.length === 0) return <Text>{t('noChanges')}</Text>;
  const columns: Column<RuleChange>[] = [
    { key: 'path', header: t('changes.path'), render: ({ path }) => <Untrusted text={path} isClipped /> },
    {
      key: 'before',
      header: t('changes.before'),
      render: (one) => <Value of={one} name="before" />,
      maxWidth: '18rem',
    },
    { key: 'after', header: t('changes.after'), render: (one) => <Value of={one} name="after" />, maxWidth: '18rem' },
  ];
  return <DataTable label={label} columns={columns} rows={changes} rowKey={({ path }) => path} />;
}

function Value({ of, name }: { of: RuleChange; name: 'before' | 'after' }) {
  const { t } = useTranslation('rules');
  if (!(name in of)) return <Text c="dimmed">{t('changes.none')}</Text>;
  const value = of[name];
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 1);
  return <Untrusted text={text.length > mostLetters ? `${text.slice(0, mostLetters)}…` : text} />;
}
