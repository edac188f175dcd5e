import { Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FailureNote } from '../shared/failure-note.tsx';
import { Untrusted } from '../shared/untrusted.tsx';
import { useWrite } from '../shared/use-write.ts';
import { previewTemplate, type TemplatePreview as Preview } from './directory.queries.ts';
import { LongText } from './long-text.tsx';
import type { AnyRecord } from './field-values.ts';

/** What the template makes of an event or of a sample, as it would be sent. */
export function TemplatePreview({ template }: { template: AnyRecord }) {
  const { t } = useTranslation('directory');
  const [eventId, setEventId] = useState('');
  const preview = useWrite(() => previewTemplate(template, eventId.trim()));
  return (
    <Stack component="section" aria-label={t('preview.title')} gap="sm">
      <Title order={2} size="h4">
        {t('preview.title')}
      </Title>
      <Group align="flex-end" gap="xs">
        <TextInput
          label={t('preview.event')}
          description={t('preview.eventHint')}
          value={eventId}
          maxLength={1024}
          onChange={({ currentTarget }) => setEventId(currentTarget.value)}
        />
        <Button variant="default" onClick={() => preview.write(undefined)}>
          {t('preview.show')}
        </Button>
      </Group>
      {preview.error !== null && <FailureNote error={preview.error} />}
      <div role="status">{preview.data !== undefined && <Shown preview={preview.data} />}</div>
    </Stack>
  );
}

/** The mail has an origin of its own, runs no script and loads nothing from elsewhere. */
const framePolicy =
  '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'; img-src data:">';

function Shown({ preview: { mail, sms } }: { preview: Preview }) {
  const { t } = useTranslation('directory');
  return (
    <Stack gap="xs">
      {mail !== null && (
        <>
          <Text fw={600}>
            {t('fields.subject')}: <Untrusted text={mail.subject} />
          </Text>
          <iframe
            title={t('preview.mail')}
            sandbox=""
            referrerPolicy="no-referrer"
            srcDoc={`${framePolicy}${mail.html}`}
            style={{ width: '100%', height: '20rem', border: '1px solid', background: 'white', colorScheme: 'light' }}
          />
          <Text fw={600}>{t('preview.text')}</Text>
          <LongText text={mail.text} />
        </>
      )}
      {sms !== null && (
        <>
          <Text fw={600}>{t('preview.sms')}</Text>
          <LongText text={sms.text} />
          <Text>
            {t(sms.encoding === 'gsm' ? 'preview.units' : 'preview.unicode', {
              parts: t('preview.parts', { count: sms.parts }),
              units: sms.units,
            })}
          </Text>
        </>
      )}
    </Stack>
  );
}
