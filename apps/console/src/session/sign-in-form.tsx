import { Button, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { signIn } from './session.ts';

/** A field for a session token. Whether the API takes it shows with the first request. */
export function SignInForm() {
  const { t } = useTranslation();
  const [token, setToken] = useState('');
  const [isRefused, setRefused] = useState(false);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setRefused(!signIn(token));
      }}
    >
      <Stack align="flex-start">
        <Textarea
          w="100%"
          label={t('session.token')}
          value={token}
          onChange={({ currentTarget }) => setToken(currentTarget.value)}
          error={isRefused && t('session.noToken')}
          autoComplete="off"
          spellCheck={false}
          rows={3}
        />
        <Button type="submit">{t('session.signIn')}</Button>
      </Stack>
    </form>
  );
}
