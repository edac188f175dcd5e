import { Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, dataOf } from '../../shared/client.ts';
import { keysOf, type WebhookApplication } from '../connections.queries.ts';
import type { Outcome } from '../outcome.tsx';
import { WriteDialog } from '../write-dialog.tsx';

interface Values {
  name: string;
  description: string;
  username: string;
}

function toBody({ name, description, username }: Values) {
  const impersonate_username = username.trim() === '' ? null : username.trim();
  return { name: name.trim(), description: description.trim(), impersonate_username };
}

function ApplicationFields({ values, onChange }: { values: Values; onChange: (values: Values) => void }) {
  const { t } = useTranslation('connections');
  return (
    <>
      <TextInput
        label={t('name')}
        required
        data-autofocus
        maxLength={200}
        value={values.name}
        onChange={({ currentTarget }) => onChange({ ...values, name: currentTarget.value })}
      />
      <Textarea
        label={t('description')}
        rows={2}
        maxLength={2000}
        value={values.description}
        onChange={({ currentTarget }) => onChange({ ...values, description: currentTarget.value })}
      />
      <TextInput
        label={t('application.as')}
        description={t('application.asText')}
        value={values.username}
        onChange={({ currentTarget }) => onChange({ ...values, username: currentTarget.value })}
      />
    </>
  );
}

export function CreateApplication({ outcome, onClose }: { outcome: Outcome; onClose: () => void }) {
  const { t } = useTranslation('connections');
  const [values, setValues] = useState<Values>({ name: '', description: '', username: '' });
  return (
    <WriteDialog
      title={t('application.create')}
      text={t('application.createText')}
      confirm={t('create')}
      given={toBody(values)}
      send={async (body, key) => {
        const params = { header: { 'Idempotency-Key': key } };
        const { url, token } = await dataOf(api.POST('/api/workflow/hooks', { params, body }));
        const parts = [
          { name: 'url' as const, value: url },
          { name: 'token' as const, value: token },
        ];
        outcome.reveal({ title: t('application.one'), parts });
      }}
      changes={keysOf.applications}
      onClose={onClose}
    >
      <ApplicationFields values={values} onChange={setValues} />
    </WriteDialog>
  );
}

interface ChangeProps {
  application: WebhookApplication;
  outcome: Outcome;
  onClose: () => void;
}

export function ChangeApplication({ application, outcome, onClose }: ChangeProps) {
  const { t } = useTranslation('connections');
  const { application_id: id, name, description, impersonate_username: username } = application;
  // The version that was on the page when the form was opened: a change of another person meanwhile is refused.
  const [version] = useState(application.version);
  const [values, setValues] = useState<Values>({ name, description, username: username ?? '' });
  return (
    <WriteDialog
      title={t('change')}
      text={t('application.changeText')}
      confirm={t('save')}
      given={{ ...toBody(values), version }}
      send={(body) => dataOf(api.PATCH('/api/workflow/hooks/{id}', { params: { path: { id } }, body }))}
      changes={keysOf.applications}
      onTaken={() => outcome.say(t('saved'))}
      onClose={onClose}
    >
      <ApplicationFields values={values} onChange={setValues} />
    </WriteDialog>
  );
}
