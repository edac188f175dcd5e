import { Alert, Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AskDialog } from '../shared/ask-dialog.tsx';
import { api, dataOf } from '../shared/client.ts';
import { useWrite } from '../shared/use-write.ts';
import { deadLetterKeys, type ShownDeadLetter } from './dead-letters.queries.ts';

/** For administrators: asks, and sends one letter again. */
export function ResendOne({ letter }: { letter: ShownDeadLetter }) {
  const { t } = useTranslation('deadLetters');
  const [isAsked, setIsAsked] = useState(false);
  const { dead_letter_id: id, origin, state, obstacle } = letter;
  const resend = useWrite(
    (_: { id: string }, key) =>
      dataOf(
        api.POST('/api/workflow/dead-letters/{id}/resend', {
          params: { path: { id }, header: { 'Idempotency-Key': key } },
        }),
      ),
    { onTaken: () => setIsAsked(false), changes: deadLetterKeys },
  );
  return (
    <>
      {state === 'open' && obstacle === null && (
        <Button
          w="fit-content"
          variant="default"
          onClick={() => {
            resend.reset();
            setIsAsked(true);
          }}
        >
          {t('resend')}
        </Button>
      )}
      <div role="status">{resend.isSuccess && <Alert variant="default" title={t('resent')} />}</div>
      {isAsked && (
        <AskDialog
          title={t('resend')}
          text={t('resendText', { topic: origin.topic })}
          confirm={t('resend')}
          isPending={resend.isPending}
          error={resend.error}
          onConfirm={() => resend.write({ id })}
          onClose={() => setIsAsked(false)}
        />
      )}
    </>
  );
}
