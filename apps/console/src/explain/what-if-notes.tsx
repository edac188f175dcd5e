import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { WhatIfNote } from '../shared/client.ts';
import { Untrusted } from '../shared/untrusted.tsx';
import { When } from '../shared/when.tsx';
import './texts.ts';

/** What an answer about an event leaves open, by the codes of the API. */
export function WhatIfNotes({ notes }: { notes: readonly WhatIfNote[] }) {
  return notes.map((note) => (
    <Text key={note.code} size="sm" c="dimmed">
      <Note note={note} />
    </Text>
  ));
}

function Note({ note: { code, params = {} } }: { note: WhatIfNote }) {
  const { t } = useTranslation('explain');
  const { at, ...values } = params;
  const text = t(`notes.${code}`, { ...values, event: values.event ?? t('notNamed') });
  return (
    <>
      <Untrusted text={text} /> {at !== undefined && <When at={at} />}
    </>
  );
}
