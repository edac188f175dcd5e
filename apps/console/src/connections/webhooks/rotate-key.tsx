import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, dataOf } from '../../shared/client.ts';
import { keysOf } from '../connections.queries.ts';
import type { Outcome } from '../outcome.tsx';
import { WriteDialog } from '../write-dialog.tsx';

export function RotateKey({ id, outcome, onClose }: { id: string; outcome: Outcome; onClose: () => void }) {
  const { t } = useTranslation('connections');
  const [hours, setHours] = useState('');
  return (
    <WriteDialog
      title={t('webhook.rotate')}
      text={t('webhook.rotateText')}
      given={hours.trim() === '' ? {} : { overlap_hours: Number(hours) }}
      send={async (body) => {
        const call = { params: { path: { id } }, body };
        const { key } = await dataOf(api.POST('/api/workflow/webhooks/{id}/rotate', call));
        outcome.reveal({ title: t('webhook.rotate'), parts: [{ name: 'key', value: key }] });
      }}
      changes={keysOf.webhooks}
      onTaken={() => outcome.say(t('webhook.rotated'))}
      onClose={onClose}
    >
      <TextInput
        type="number"
        min={0}
        step="any"
        label={t('webhook.overlap')}
        description={t('webhook.overlapText')}
        value={hours}
        onChange={({ currentTarget }) => setHours(currentTarget.value)}
      />
    </WriteDialog>
  );
}
