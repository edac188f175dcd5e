import { Code, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { SignInForm } from './sign-in-form.tsx';

export function SignInPage() {
  const { t } = useTranslation();
  return (
    <Stack maw="40rem">
      <Title order={1}>{t('session.signIn')}</Title>
      <Text>{t('session.how')}</Text>
      <Code block>npm run -s token -- --role SESSION_ADMIN --sub alice</Code>
      <SignInForm />
    </Stack>
  );
}
