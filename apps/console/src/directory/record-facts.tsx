import { useTranslation } from 'react-i18next';
import { Fact, Facts } from '../shared/facts.tsx';
import { Untrusted } from '../shared/untrusted.tsx';
import { toText, type AnyRecord } from './field-values.ts';
import { FieldValue } from './field-value.tsx';
import { LongText } from './long-text.tsx';
import { fieldsFor, fieldsOf, isOpen, type Field, type Kind } from './kinds.ts';

export function RecordFacts({ kind, record }: { kind: Kind; record: AnyRecord }) {
  const { t } = useTranslation('directory');
  const further = isOpen(kind) ? furtherOf(kind, record) : [];
  return (
    <Facts>
      {fieldsFor(kind, toText(record['channel'])).map((field) => (
        <Fact key={field.name} name={t(`fields.${field.name}`)}>
          <Shown kind={kind} field={field} record={record} />
        </Fact>
      ))}
      {further.length > 0 && (
        <Fact name={t('further')}>
          <LongText text={JSON.stringify(Object.fromEntries(further), null, 2)} />
        </Fact>
      )}
    </Facts>
  );
}

interface ShownProps {
  kind: Kind;
  field: Field;
  record: AnyRecord;
}

function Shown({ kind, field: { name, type }, record }: ShownProps) {
  const { t } = useTranslation('directory');
  const value = record[name];
  if (type === 'secret') return <>{t(record['signed'] === true ? 'endpoint.isSigned' : 'endpoint.isNotSigned')}</>;
  if (type === 'headers') {
    const names = toText(value).split('\n').join(', ');
    return names === '' ? <>–</> : <Untrusted text={t('endpoint.valuesHidden', { names })} />;
  }
  if (type === 'long' && value !== undefined) return <LongText text={toText(value)} />;
  // Customers know of no brand for all: theirs is not said.
  if (value === undefined && (isOpen(kind) || kind === 'groups')) return <>–</>;
  return <FieldValue name={name} value={value ?? (kind === 'groups' ? '–' : value)} />;
}

function furtherOf(kind: Kind, record: AnyRecord): [string, unknown][] {
  const known = new Set<string>(fieldsOf[kind].map(({ name }) => name));
  return Object.entries(record).filter(([name]) => !known.has(name));
}
