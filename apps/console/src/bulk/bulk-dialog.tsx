import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { RunFilters } from '../runs/runs-search.ts';
import { AskDialog } from '../shared/ask-dialog.tsx';
import { api, dataOf } from '../shared/client.ts';
import { useWrite } from '../shared/use-write.ts';
import { bulkPreviewQuery, type BulkCommand } from './bulk.queries.ts';
import { FilterText } from './filter-text.tsx';

interface Props {
  command: BulkCommand;
  filters: RunFilters;
  onClose: () => void;
}

interface Order {
  command: BulkCommand;
  filter: RunFilters;
  until: string;
  expected: number;
  reason?: string;
}

/** Shows how many runs there are, and asks with that number: what comes later is not among them. */
export function BulkDialog({ command, filters, onClose }: Props) {
  const { t } = useTranslation('bulk');
  const navigate = useNavigate();
  const { data: counted, error: notCounted } = useQuery(bulkPreviewQuery(command, filters));
  const start = useWrite(
    async (body: Order, key) => {
      const params = { header: { 'Idempotency-Key': key } };
      return (await dataOf(api.POST('/api/workflow/bulk-operations', { params, body }))).bulk_operation;
    },
    {
      onTaken: ({ id }) => void navigate({ to: '/bulk-operations/$bulkId', params: { bulkId: id } }),
      changes: [['bulk-preview', command, filters]],
    },
  );
  const isReady = counted !== undefined && counted.count > 0 && !counted.more;
  return (
    <AskDialog
      title={t(`commands.${command}`)}
      text={t(`explained.${command}`)}
      confirm={isReady ? t(`confirm_${command}`, { count: counted.count }) : t(`names.${command}`)}
      reason={command === 'cancel' ? 'required' : 'optional'}
      isPending={start.isPending || !isReady}
      error={start.error ?? notCounted}
      onConfirm={(reason) => {
        if (!isReady) return;
        const { count: expected, until } = counted;
        start.write({ command, filter: filters, until, expected, ...(reason !== '' && { reason }) });
      }}
      onClose={onClose}
    >
      <Text>
        {t('filter')}: <FilterText filter={filters} />
      </Text>
      <Text role="status">
        {counted === undefined && notCounted === null && t('counting')}
        {counted !== undefined &&
          (counted.more ? t('tooMany', { number: counted.count }) : <b>{t('counted', { count: counted.count })}</b>)}
      </Text>
    </AskDialog>
  );
}
