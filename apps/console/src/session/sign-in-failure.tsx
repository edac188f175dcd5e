import { Alert } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { UncodedText } from '../shared/said/said-text.tsx';
import type { SignInFailure } from './sign-in-error.ts';

export function SignInFailureNote({ failure }: { failure: SignInFailure }) {
  const { t } = useTranslation();
  return (
    <Alert variant="default" role="alert" title={`✗ ${t('session.failed')}`}>
      {'code' in failure ? t(`session.faults.${failure.code}`) : <UncodedText text={failure.message} />}
    </Alert>
  );
}
