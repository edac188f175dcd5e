import { Badge, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { RuleChanges } from '../rules/rule-changes.tsx';
import type { AuditEntry } from '../shared/client.ts';
import { DataTable, type Column } from '../shared/data-table.tsx';
import { Untrusted } from '../shared/untrusted.tsx';
import { When } from '../shared/when.tsx';
import { OperationName } from './audit-operation.tsx';

const signs: Record<AuditEntry['outcome'], string> = { done: '✓', refused: '✗', failed: '✗', unknown: '?' };

export function AuditTable({ entries }: { entries: AuditEntry[] }) {
  const { t } = useTranslation('audit');
  const columns: Column<AuditEntry>[] = [
    { key: 'at', header: t('columns.at'), render: ({ at }) => <When at={at} /> },
    { key: 'by', header: t('filter.by'), render: ({ by }) => <Untrusted text={by} isClipped />, maxWidth: '12rem' },
    {
      key: 'operation',
      header: t('filter.operation'),
      render: ({ operation }) => <OperationName operation={operation} />,
    },
    {
      key: 'target',
      header: t('filter.target'),
      render: (entry) => <Target entry={entry} />,
      maxWidth: '16rem',
    },
    {
      key: 'brand',
      header: t('filter.brand'),
      render: ({ brand }) => brand !== null && <Untrusted text={brand} isClipped />,
      maxWidth: '8rem',
    },
    { key: 'outcome', header: t('columns.outcome'), render: (entry) => <Outcome entry={entry} /> },
    { key: 'what', header: t('columns.what'), render: (entry) => <What entry={entry} />, maxWidth: '28rem' },
  ];
  return (
    <DataTable label={t('title')} columns={columns} rows={entries} rowKey={(one) => one.audit_id} minWidth="70rem" />
  );
}

/** A link where there is a page of it, by the name of its rule where there still is one. */
function Target({ entry: { target, rule_version: version, rule_name: name } }: { entry: AuditEntry }) {
  const { t } = useTranslation('audit');
  const [kind, ...rest] = target.split('/');
  const id = rest.join('/');
  const text = (
    <>
      {name !== null && <Untrusted text={name} isClipped />}
      <Untrusted text={target} isClipped />
    </>
  );
  if (kind === 'rule' && id !== '') {
    return (
      <>
        <Link to="/rules/$ruleId" params={{ ruleId: id }}>
          {text}
        </Link>
        {version !== null && <Text size="sm">{t('version', { version })}</Text>}
      </>
    );
  }
  if (kind === 'run' && id !== '') {
    return (
      <Link to="/runs/$runId" params={{ runId: id }}>
        {text}
      </Link>
    );
  }
  return text;
}

function Outcome({ entry: { outcome, code } }: { entry: AuditEntry }) {
  const { t } = useTranslation('audit');
  return (
    <>
      <Badge variant="default">
        {signs[outcome]} {t(`outcomes.${outcome}`)}
      </Badge>
      {code !== null && (
        <Text size="sm">
          <Untrusted text={code} isClipped />
        </Text>
      )}
    </>
  );
}

/** What was asked for; of a rule what it changed. */
function What({ entry: { what, changes, target, at } }: { entry: AuditEntry }) {
  const { t } = useTranslation('audit');
  return (
    <>
      {what !== null && <Untrusted text={typeof what === 'string' ? what : JSON.stringify(what)} isClipped />}
      {changes !== null && (
        <details>
          <summary>{t('changes', { count: changes.length })}</summary>
          <RuleChanges changes={changes} label={t('changesOf', { target: target.slice(0, 100), at })} />
        </details>
      )}
    </>
  );
}
