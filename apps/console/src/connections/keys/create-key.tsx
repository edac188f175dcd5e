import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, dataOf } from '../../shared/client.ts';
import { timeZone } from '../../shared/when.tsx';
import { useRoleName } from '../../session/role-name.ts';
import { fromLocalTime, readList } from '../connections-search.ts';
import { keysOf } from '../connections.queries.ts';
import type { Outcome } from '../outcome.tsx';
import { WriteDialog } from '../write-dialog.tsx';

const roles = [
  'SESSION_MANAGER',
  'SESSION_ADMIN',
  'SESSION_DEALER',
  'SESSION_CRM_MANAGER',
  'SESSION_CRM_ADMIN',
] as const;

export function CreateKey({ outcome, onClose }: { outcome: Outcome; onClose: () => void }) {
  const { t } = useTranslation('connections');
  const roleName = useRoleName();
  const [name, setName] = useState('');
  const [role, setRole] = useState<(typeof roles)[number]>('SESSION_MANAGER');
  const [brands, setBrands] = useState('');
  const [expires, setExpires] = useState('');
  return (
    <WriteDialog
      title={t('key.create')}
      text={t('key.createText')}
      confirm={t('create')}
      given={{ name: name.trim(), role, brands: readList(brands), expires_at: fromLocalTime(expires) }}
      send={async (body, idempotencyKey) => {
        const params = { header: { 'Idempotency-Key': idempotencyKey } };
        const { key } = await dataOf(api.POST('/api/workflow/api-keys', { params, body }));
        outcome.reveal({ title: t('secret.key'), parts: [{ name: 'key', value: key }] });
      }}
      changes={keysOf.keys}
      onClose={onClose}
    >
      <TextInput
        label={t('name')}
        required
        data-autofocus
        maxLength={200}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <NativeSelect
        label={t('key.role')}
        value={role}
        data={roles.map((value) => ({ value, label: roleName(value) }))}
        onChange={({ currentTarget }) => setRole(roles.find((one) => one === currentTarget.value) ?? role)}
      />
      <TextInput
        label={t('brands')}
        description={t('brandsText')}
        value={brands}
        onChange={({ currentTarget }) => setBrands(currentTarget.value)}
      />
      <TextInput
        type="datetime-local"
        label={t('key.expiresAt', { zone: timeZone() })}
        description={t('key.expiresText')}
        value={expires}
        onChange={({ currentTarget }) => setExpires(currentTarget.value)}
      />
    </WriteDialog>
  );
}
