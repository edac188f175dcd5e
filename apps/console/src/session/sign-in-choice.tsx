import { Code, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Loading } from '../shared/loading.tsx';
import { loadProvider } from './oidc/provider.ts';
import { ProviderSignIn } from './provider-sign-in.tsx';
import { SignInForm } from './sign-in-form.tsx';

/** With the provider, if there is one, and with a token. @param isBeside over a page that is to stay as it is */
export function SignInChoice({ isBeside }: { isBeside: boolean }) {
  const { t } = useTranslation();
  const { data: provider, isPending } = useQuery({
    queryKey: ['sign-in-provider'],
    queryFn: loadProvider,
    retry: false,
    staleTime: 60_000,
  });
  if (isPending) return <Loading />;
  if (provider == null) {
    return (
      <Stack>
        {!isBeside && (
          <>
            <Text>{t('session.how')}</Text>
            <Code block>npm run -s token -- --role SESSION_ADMIN --sub alice</Code>
          </>
        )}
        <SignInForm />
      </Stack>
    );
  }
  return (
    <Stack>
      <ProviderSignIn provider={provider} isBeside={isBeside} />
      <details>
        <summary>{t('session.withToken')}</summary>
        <SignInForm />
      </details>
    </Stack>
  );
}
