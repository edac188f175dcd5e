import { Button, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { signIn } from './session.ts';

/** A field for a session token, which the API is asked about at once. */
export function SignInForm() {
  const { t } = useTranslation();
  const [token, setToken] = useState('');
  const [refusal, setRefusal] = useState<Awaited<ReturnType<typeof signIn>>>(null);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void signIn(token).then(setRefusal);
      }}
    >
      <Stack align="flex-start">
        <Textarea
          w="100%"
          label={t('session.token')}
          value={token}
          onChange={({ currentTarget }) => setToken(currentTarget.value)}
          error={refusal !== null && t(`session.refusals.${refusal}`)}
          autoComplete="off"
          spellCheck={false}
          rows={3}
        />
        <Button type="submit">{t('session.signIn')}</Button>
      </Stack>
    </form>
  );
}
