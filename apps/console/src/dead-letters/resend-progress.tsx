import { Alert, Button, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { FailureNote } from '../shared/failure-note.tsx';
import { Untrusted } from '../shared/untrusted.tsx';
import { resendOutcomes, type ResendAll } from './use-resend-all.ts';

/** How far the sending of all letters of a reason is. */
export function ResendProgress({ progress, onStop }: { progress: ResendAll; onStop: () => void }) {
  const { t } = useTranslation('deadLetters');
  const { reason, state, counts, error } = progress;
  const told = resendOutcomes.filter((one) => one === 'sent' || counts[one] > 0);
  return (
    <Alert variant="default" title={<Untrusted text={t('resendAllOf', { reason })} />}>
      <Stack align="flex-start" gap="xs">
        <Text role="status">
          {t(`progress.${state}`)} {told.map((one) => t(`outcomes.${one}`, { n: counts[one] })).join(', ')}
        </Text>
        {error !== null && <FailureNote error={error} />}
        {state === 'running' && (
          <Button size="xs" variant="default" onClick={onStop}>
            {t('stop')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
