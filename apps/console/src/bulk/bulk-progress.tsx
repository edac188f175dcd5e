import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { BulkOperation } from '../shared/client.ts';
import { ProgressBar } from '../shared/progress-bar.tsx';

/** How many runs have had their turn. */
export function BulkProgress({ operation }: { operation: BulkOperation }) {
  const { t } = useTranslation('bulk');
  const { done, skipped, failed, total, expected, finished_at } = operation;
  const all = finished_at === null ? Math.max(total, expected) : total;
  const ended = done + skipped + failed;
  const text = t('progress', { ended, total: all });
  return (
    <Stack gap="xs">
      <ProgressBar label={text} percent={all === 0 ? 100 : (100 * ended) / all} />
      <Text>
        {text} · {t('states.done')}: {done} · {t('states.skipped')}: {skipped} · {t('states.failed')}: {failed}
      </Text>
    </Stack>
  );
}
