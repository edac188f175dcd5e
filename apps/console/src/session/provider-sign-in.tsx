import { Alert, Button, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Provider } from './oidc/provider.ts';
import { toSignInFailure, type SignInFailure } from './sign-in-error.ts';
import { SignInFailureNote } from './sign-in-failure.tsx';

interface Props {
  provider: Provider;
  /** In a window of its own: the page keeps what was typed. */
  isBeside: boolean;
}

export function ProviderSignIn({ provider, isBeside }: Props) {
  const { t } = useTranslation();
  const [failure, setFailure] = useState<SignInFailure | null>(null);
  const earlier = useRef(new AbortController());
  useEffect(() => () => earlier.current.abort(), []);
  if (provider.endpoints === null) return <Alert variant="default" role="alert" title={t('session.providerAway')} />;
  return (
    <Stack align="flex-start">
      <Button onClick={() => void begin()}>{t('session.withProvider')}</Button>
      {isBeside && <Text size="sm">{t('session.beside')}</Text>}
      {failure !== null && <SignInFailureNote failure={failure} />}
    </Stack>
  );

  async function begin(): Promise<void> {
    earlier.current.abort();
    earlier.current = new AbortController();
    const { signal } = earlier.current;
    // By the click itself: later it would be blocked.
    const popup = isBeside ? window.open('', 'signalbox-sign-in', 'popup,width=480,height=720') : null;
    if (isBeside && popup === null) return setFailure({ code: 'blocked' });
    setFailure(null);
    try {
      const { leaveToSignIn, signInBeside } = await import('./oidc/sign-in.ts');
      await (popup === null ? leaveToSignIn(provider) : signInBeside(provider, popup, signal));
    } catch (error) {
      if (!signal.aborted) setFailure(toSignInFailure(error));
    }
  }
}
