import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { BulkOperation } from '../shared/client.ts';

const signs = { running: '▸', stopping: '‖', completed: '✓', stopped: '■', failed: '✗' } as const;

/** The status in words and as a sign, so that no colour has to say it. */
export function BulkStatus({ status }: Pick<BulkOperation, 'status'>) {
  const { t } = useTranslation('bulk');
  return (
    <Badge variant="default" leftSection={<span aria-hidden>{signs[status]}</span>}>
      {t(`statuses.${status}`)}
    </Badge>
  );
}
