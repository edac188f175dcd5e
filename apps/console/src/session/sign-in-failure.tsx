import { Alert } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Original } from '../shared/said/said-text.tsx';
import { Untrusted } from '../shared/untrusted.tsx';
import type { SignInFailure } from './sign-in-error.ts';

export function SignInFailureNote({ failure }: { failure: SignInFailure }) {
  const { t, i18n } = useTranslation();
  const said = 'code' in failure ? t(`session.faults.${failure.code}`) : failure.message;
  return (
    <Alert variant="default" role="alert" title={`✗ ${t('session.failed')}`}>
      {'code' in failure || i18n.language === 'en' ? <Untrusted text={said} /> : <Original text={said} />}
    </Alert>
  );
}
