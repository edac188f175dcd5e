import './texts.ts';
import { Alert, Code, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { isAdministrator, useSession } from '../session/session.ts';
import { DataTable } from '../shared/data-table.tsx';
import { FailureNote } from '../shared/failure-note.tsx';
import { Loading } from '../shared/loading.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { sayError } from '../shared/said/said.ts';
import { SaidText } from '../shared/said/said-text.tsx';
import { useLanguage } from '../shared/said/use-language.ts';
import { Untrusted } from '../shared/untrusted.tsx';
import { DeadLetterFacts } from './dead-letter-facts.tsx';
import { deadLetterQuery, type ShownDeadLetter } from './dead-letters.queries.ts';
import { ResendOne } from './resend-one.tsx';

const route = getRouteApi('/dead-letters/$letterId');

export function DeadLetterPage() {
  const { letterId } = route.useParams();
  const { t } = useTranslation('deadLetters');
  const { data, error, refetch } = useQuery(deadLetterQuery(letterId));
  return (
    <Stack>
      <PageTitle text={data === undefined ? t('one') : `${t('one')}: ${data.reason}`} />
      {error !== null && <FailureNote error={error} onRetry={() => void refetch()} />}
      {data === undefined ? error === null && <Loading /> : <Letter key={letterId} letter={data} />}
    </Stack>
  );
}

function Letter({ letter }: { letter: ShownDeadLetter }) {
  const { t } = useTranslation('deadLetters');
  const mayResend = isAdministrator(useSession());
  const language = useLanguage();
  const { headers, obstacle, state } = letter;
  return (
    <>
      <Text component="div">
        <SaidText said={sayError(language, letter.reason, letter.message)} />
      </Text>
      {mayResend && <ResendOne letter={letter} />}
      {obstacle !== null && <Alert variant="default" title={t(`obstacles.${obstacle}`)} />}
      {state === 'unknown' && <Alert variant="default" title={t('unknownText')} />}
      <DeadLetterFacts letter={letter} />
      <Title order={2} size="h4">
        {t('payload')}
      </Title>
      <Payload letter={letter} />
      {headers.length > 0 && (
        <>
          <Title order={2} size="h4">
            {t('headers')}
          </Title>
          <DataTable
            label={t('headers')}
            columns={[
              {
                key: 'name',
                header: t('headerName'),
                maxWidth: '15rem',
                render: ({ name }) => <Untrusted text={name} />,
              },
              { key: 'value', header: t('headerValue'), render: ({ value }) => <Untrusted text={value} /> },
            ]}
            rows={headers}
            rowKey={({ name }) => name}
            minWidth="20rem"
          />
        </>
      )}
    </>
  );
}

function Payload({ letter: { payload } }: { letter: ShownDeadLetter }) {
  const { t } = useTranslation('deadLetters');
  if (payload.kind === 'none') return <Text>{t('noPayload')}</Text>;
  if (payload.kind === 'binary') return <Text>{t('binary')}</Text>;
  return (
    <>
      <Text size="sm">{t('payloadText')}</Text>
      <Code block tabIndex={0} role="region" aria-label={t('payload')} mah="30rem" style={{ overflow: 'auto' }}>
        <Untrusted text={payload.kind === 'json' ? indented(payload.text) : payload.text} />
      </Code>
    </>
  );
}

/** JSON that was cut short stays as it is. */
function indented(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
