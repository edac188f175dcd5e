import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { PageTitle } from '../shared/page-title.tsx';
import { recordQuery } from './directory.queries.ts';
import type { Kind } from './kinds.ts';
import { RecordForm } from './record-form.tsx';

export function NewRecord({ kind }: { kind: Kind }) {
  const { t } = useTranslation('directory');
  const navigate = useNavigate();
  const queries = useQueryClient();
  return (
    <>
      <PageTitle text={t('addTo', { kind: t(`kinds.${kind}`) })} />
      <RecordForm
        kind={kind}
        stored={null}
        onSaved={(saved) => {
          queries.setQueryData(recordQuery(kind, saved.id).queryKey, saved);
          void navigate({ to: '/directory/$kind/$id', params: { kind, id: saved.id } });
        }}
        onClose={() => void navigate({ to: '/directory/$kind', params: { kind }, search: {} })}
      />
    </>
  );
}
