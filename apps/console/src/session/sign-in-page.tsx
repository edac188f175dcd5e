import { Stack, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Loading } from '../shared/loading.tsx';
import { useArrival } from './arrival.ts';
import { SignInChoice } from './sign-in-choice.tsx';
import { SignInFailureNote } from './sign-in-failure.tsx';

export function SignInPage() {
  const { t } = useTranslation();
  const { isUnderWay, failure } = useArrival();
  if (isUnderWay) return <Loading />;
  return (
    <Stack maw="40rem">
      <Title order={1}>{t('session.signIn')}</Title>
      {failure !== null && <SignInFailureNote failure={failure} />}
      <SignInChoice isBeside={false} />
    </Stack>
  );
}
