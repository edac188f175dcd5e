import { Alert, Stack, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Loading } from '../shared/loading.tsx';
import { Untrusted } from '../shared/untrusted.tsx';
import { useArrival } from './arrival.ts';
import { SignInChoice } from './sign-in-choice.tsx';

export function SignInPage() {
  const { t } = useTranslation();
  const { isUnderWay, failure } = useArrival();
  if (isUnderWay) return <Loading />;
  return (
    <Stack maw="40rem">
      <Title order={1}>{t('session.signIn')}</Title>
      {failure !== null && (
        <Alert variant="default" role="alert" title={`✗ ${t('session.failed')}`}>
          <Untrusted text={failure} />
        </Alert>
      )}
      <SignInChoice isBeside={false} />
    </Stack>
  );
}
