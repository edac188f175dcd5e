import { Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Rule } from '../../shared/client.ts';
import { FailureNote } from '../../shared/failure-note.tsx';
import { Loading } from '../../shared/loading.tsx';
import { Problems } from '../rule-warnings.tsx';
import { HeldBack } from './held-back.tsx';
import { impactQuery } from './switch-on.queries.ts';

/** What switching it on would mean for other rules, and for runs that are under way. */
export function Impact({ rule }: { rule: Rule }) {
  const { t } = useTranslation('rules');
  const { data, error, refetch } = useQuery(impactQuery(rule));
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        {t('impact.title')}
      </Title>
      {error !== null && <FailureNote error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && (
        <>
          {data.warnings.length === 0 && (
            <Text>
              {data.held_back_by.count === 0 ? `✓ ${t('impact.noWarnings')}` : t('impact.noWarningsButHeldBack')}
            </Text>
          )}
          <Problems problems={data.warnings} sign="⚠" label={t('warnings')} />
          <HeldBack held_back_by={data.held_back_by} holds_back={data.holds_back} />
          <Text>{t('impact.runs', data.runs)}</Text>
        </>
      )}
    </Stack>
  );
}
