import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Untrusted } from '../shared/untrusted.tsx';
import { toText } from './field-values.ts';
import type { FieldName } from './kinds.ts';

interface Props {
  name: FieldName;
  value: unknown;
  /** In a table. */
  isShort?: boolean;
}

/** What a field holds, for people; a link where it names a customer or a manager. */
export function FieldValue({ name, value, isShort = false }: Props) {
  const { t } = useTranslation('directory');
  if (value === undefined || value === null)
    return <>{name === 'brand' || name === 'brands' ? t('everyBrand') : '–'}</>;
  if (typeof value === 'boolean') return <>{t(value ? 'yes' : 'no')}</>;
  const text = Array.isArray(value) ? value.map(toText).join(', ') : toText(value);
  const shown = <Untrusted text={text} isClipped={isShort} />;
  if (name === 'customer_id') {
    return (
      <Link to="/customers/$customerId" params={{ customerId: text }} search={{}}>
        {shown}
      </Link>
    );
  }
  if (name === 'manager_id' || name === 'assigned_manager_id') {
    return (
      <Link to="/managers/$managerId" params={{ managerId: text }} search={{}}>
        {shown}
      </Link>
    );
  }
  return shown;
}
