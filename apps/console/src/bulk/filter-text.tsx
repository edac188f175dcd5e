import { useTranslation } from 'react-i18next';
import { Untrusted } from '../shared/untrusted.tsx';

/** A filter as the API knows it. */
export function FilterText({ filter }: { filter: Readonly<Record<string, string | number | undefined>> }) {
  const { t } = useTranslation('bulk');
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  if (given.length === 0) return t('everything');
  return <Untrusted text={given.map(([name, value]) => `${name} = ${value}`).join(', ')} isClipped />;
}
