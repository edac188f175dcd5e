import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Untrusted } from '../shared/untrusted.tsx';
import { When } from '../shared/when.tsx';
import './texts.ts';

const known = {
  'The guards re_enroll and limit are not asked.': 'guards',
  'The directory is read as it is now.': 'now',
  'No brand can be resolved for the event: only rules of no brand may run.': 'noBrand',
  'No brand can be resolved for the event: it starts nothing.': 'lost',
  'No customer was recorded: no rule asked for one then.': 'noCustomer',
} as const;

const recorded = /^Conditions see what was recorded at (\S+)\.$/;

/** What an answer about an event leaves open. What is not known here is shown as the API says it. */
export function WhatIfNotes({ notes }: { notes: readonly string[] }) {
  return notes.map((note) => (
    <Text key={note} size="sm" c="dimmed">
      <Note note={note} />
    </Text>
  ));
}

function Note({ note }: { note: string }) {
  const { t } = useTranslation('explain');
  const at = recorded.exec(note)?.[1];
  if (at !== undefined) {
    return (
      <>
        {t('notes.recorded')} <When at={at} />
      </>
    );
  }
  return note in known ? t(`notes.${known[note as keyof typeof known]}`) : <Untrusted text={note} />;
}
