import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AskDialog } from '../shared/ask-dialog.tsx';
import { api, dataOf, type BulkOperation } from '../shared/client.ts';
import { useWrite } from '../shared/use-write.ts';

export function StopBulk({ operation: { id } }: { operation: BulkOperation }) {
  const { t } = useTranslation('bulk');
  const [isAsked, setIsAsked] = useState(false);
  const stop = useWrite(
    (bulkId: string) =>
      dataOf(api.POST('/api/workflow/bulk-operations/{id}/stop', { params: { path: { id: bulkId } } })),
    { onTaken: () => setIsAsked(false), changes: [['bulk-operation', id]] },
  );
  return (
    <>
      <div>
        <Button size="xs" variant="default" onClick={() => setIsAsked(true)}>
          {t('stop')}
        </Button>
      </div>
      {isAsked && (
        <AskDialog
          title={t('stop')}
          text={t('stopExplained')}
          confirm={t('stopConfirm')}
          isPending={stop.isPending}
          error={stop.error}
          onConfirm={() => stop.write(id)}
          onClose={() => setIsAsked(false)}
        />
      )}
    </>
  );
}
