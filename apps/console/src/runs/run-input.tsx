import { Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { FailureNote } from '../shared/failure-note.tsx';
import { Untrusted } from '../shared/untrusted.tsx';
import { runInputQuery } from './runs.queries.ts';

/** The event and the parameters of the actions, masked by the API. */
export function RunInput({ runId }: { runId: string }) {
  const { t } = useTranslation('runs');
  const { data, error } = useQuery(runInputQuery(runId));
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {t('input.title')}
      </Title>
      {error !== null && <FailureNote error={error} />}
      {data === null && <Text>{t('input.unknown')}</Text>}
      {data != null && (
        <>
          <JsonDetails summary={t('input.event')} value={data.event.data} />
          {data.actions.map(({ type, params }, place) => (
            <JsonDetails key={place} summary={t('input.action', { number: place + 1, type })} value={params} />
          ))}
        </>
      )}
    </Stack>
  );
}

function JsonDetails({ summary, value }: { summary: string; value: unknown }) {
  return (
    <details>
      <summary>
        <Untrusted text={summary} />
      </summary>
      <pre className="json">
        <Untrusted text={JSON.stringify(value, null, 2)} />
      </pre>
    </details>
  );
}
