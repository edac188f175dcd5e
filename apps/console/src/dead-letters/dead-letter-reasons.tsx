import { Button, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isAdministrator, useSession } from '../session/session.ts';
import { AskDialog } from '../shared/ask-dialog.tsx';
import { DataTable, type Column } from '../shared/data-table.tsx';
import { FailureNote } from '../shared/failure-note.tsx';
import { isolated } from '../shared/isolated.ts';
import { errorText } from '../shared/said/said.ts';
import { useLanguage } from '../shared/said/use-language.ts';
import { Untrusted } from '../shared/untrusted.tsx';
import { reasonsQuery, type DeadLetterReason } from './dead-letters.queries.ts';
import { ResendProgress } from './resend-progress.tsx';
import { useResendAll } from './use-resend-all.ts';

/** How many letters of each reason can be sent again, and sending all of one. */
export function DeadLetterReasons() {
  const { t } = useTranslation('deadLetters');
  const mayResend = isAdministrator(useSession());
  const language = useLanguage();
  const { data = [], error } = useQuery(reasonsQuery());
  const [reasonAsked, setReasonAsked] = useState<string | null>(null);
  // As it is now: the number may change while the dialog is open.
  const asked = data.find(({ reason }) => reason === reasonAsked);
  const resending = useResendAll();
  const columns: Column<DeadLetterReason>[] = [
    {
      key: 'reason',
      header: t('reason'),
      maxWidth: '20rem',
      render: ({ reason }) => (
        <>
          <Link to="/dead-letters" search={{ reason }}>
            <Untrusted text={reason} isClipped />
          </Link>
          <Text size="xs" c="dimmed">
            {errorText(language, reason)}
          </Text>
        </>
      ),
    },
    { key: 'open', header: t('open'), render: ({ open, is_more: isMore }) => `${open}${isMore ? '+' : ''}` },
  ];
  if (mayResend) {
    columns.push({
      key: 'resend',
      header: t('resendAll'),
      render: (row) =>
        row.open > 0 && (
          <Button
            size="xs"
            variant="default"
            disabled={resending.progress?.state === 'running'}
            onClick={() => setReasonAsked(row.reason)}
            aria-label={t('resendAllOf', { reason: row.reason })}
          >
            {t('resendAll')}
          </Button>
        ),
    });
  }
  if (error !== null) return <FailureNote error={error} />;
  if (data.length === 0 && resending.progress === null) return null;
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {t('reasons')}
      </Title>
      <DataTable label={t('reasons')} columns={columns} rows={data} rowKey={({ reason }) => reason} minWidth="20rem" />
      {resending.progress !== null && <ResendProgress progress={resending.progress} onStop={resending.stop} />}
      {asked !== undefined && (
        <AskDialog
          title={t('resendAllOf', { reason: isolated(asked.reason) })}
          text={asked.is_more ? t('resendManyText', { count: asked.open }) : t('resendAllText', { count: asked.open })}
          confirm={t('resendAll')}
          isPending={false}
          error={null}
          onConfirm={() => {
            void resending.start(asked.reason);
            setReasonAsked(null);
          }}
          onClose={() => setReasonAsked(null)}
        >
          {t('stayHere')}
        </AskDialog>
      )}
    </Stack>
  );
}
