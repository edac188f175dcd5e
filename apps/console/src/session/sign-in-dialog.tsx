import { Modal, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { signOut, useSession } from './session.ts';
import { SignInChoice } from './sign-in-choice.tsx';

/** Over the page, which keeps what was typed into it. Closed without a token, it signs out. */
export function SignInDialog() {
  const { t } = useTranslation();
  const { session, hasEnded } = useSession();
  return (
    <Modal
      opened={session !== null && hasEnded}
      onClose={signOut}
      closeOnClickOutside={false}
      closeOnEscape={false}
      title={t('session.ended')}
      closeButtonProps={{ 'aria-label': t('session.signOut') }}
    >
      <Stack>
        <Text>{t('session.endedText')}</Text>
        <SignInChoice isBeside />
      </Stack>
    </Modal>
  );
}
