import { Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, dataOf, type Backtest } from '../../shared/client.ts';
import { FailureNote } from '../../shared/failure-note.tsx';
import { Loading } from '../../shared/loading.tsx';
import { ProgressBar } from '../../shared/progress-bar.tsx';
import { UncodedText } from '../../shared/said/said-text.tsx';
import { useWrite } from '../../shared/use-write.ts';
import { BacktestResult } from './backtest-result.tsx';
import { backtestQuery } from './switch-on.queries.ts';

/** How far a backtest is, and what it has found. */
export function BacktestView({ id }: { id: string }) {
  const { t } = useTranslation('rules');
  const { data, error, refetch } = useQuery(backtestQuery(id));
  const cancel = useWrite(() => dataOf(api.DELETE('/api/workflow/backtests/{id}', { params: { path: { id } } })), {
    changes: [['backtest', id]],
  });
  if (error !== null) return <FailureNote error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  const { status, result, progress } = data;
  return (
    <Stack gap="xs">
      <Text role="status">{t(`backtest.status.${status}`)}</Text>
      {status === 'running' && (
        <Group>
          <ProgressBar label={t('backtest.progress')} percent={percentOf(progress)} />
          {progress !== null && <Text size="sm">{t('backtest.read', progress)}</Text>}
          <Button size="xs" variant="default" disabled={cancel.isPending} onClick={() => cancel.write(undefined)}>
            {t('backtest.cancel')}
          </Button>
        </Group>
      )}
      {cancel.error !== null && <FailureNote error={cancel.error} />}
      {data.error !== null && <UncodedText text={data.error} />}
      {result !== null && <BacktestResult result={result} against={data.against} />}
    </Stack>
  );
}

function percentOf(progress: Backtest['progress']): number {
  return progress === null || progress.total === 0 ? 0 : Math.round((100 * progress.events_read) / progress.total);
}
