import { Button, Stack, Text, Title } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

/** A fault of the console itself, or a part of it that could not be loaded. */
export function PageError({ error }: ErrorComponentProps) {
  const { t } = useTranslation();
  return (
    <Stack align="flex-start">
      <Title order={1}>{t('app.fault')}</Title>
      <Text className="untrusted">{error instanceof Error ? error.message : String(error)}</Text>
      <Button variant="default" onClick={() => location.reload()}>
        {t('app.reload')}
      </Button>
    </Stack>
  );
}
