import { useTranslation } from 'react-i18next';
import { Fact } from '../shared/facts.tsx';
import { Untrusted } from '../shared/untrusted.tsx';
import { When } from '../shared/when.tsx';

/** When something was made or changed, and by whom where that is told. */
export function MadeFact({ name, at, by }: { name: 'created' | 'changed'; at: string; by?: string }) {
  const { t } = useTranslation('connections');
  return (
    <Fact name={t(name)}>
      <When at={at} />
      {by !== undefined && (
        <>
          {' '}
          {t('by')} <Untrusted text={by} />
        </>
      )}
    </Fact>
  );
}
