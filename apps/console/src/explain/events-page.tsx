import './texts.ts';
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { PageTitle } from '../shared/page-title.tsx';

/** Asks which event is to be explained. */
export function EventsPage() {
  const { t } = useTranslation('explain');
  const navigate = useNavigate();
  return (
    <Stack>
      <PageTitle text={t('title')} />
      <Text>{t('text')}</Text>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const given = new FormData(event.currentTarget).get('event');
          const eventId = typeof given === 'string' ? given.trim() : '';
          if (eventId !== '') void navigate({ to: '/events/$eventId', params: { eventId } });
        }}
      >
        <Group align="flex-end">
          <TextInput name="event" label={t('eventId')} required maxLength={1024} style={{ flexGrow: 1 }} />
          <Button type="submit">{t('explain')}</Button>
        </Group>
      </form>
    </Stack>
  );
}
