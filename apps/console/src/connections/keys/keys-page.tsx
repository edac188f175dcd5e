import '../texts.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, dataOf } from '../../shared/client.ts';
import type { Column } from '../../shared/data-table.tsx';
import { isolated } from '../../shared/isolated.ts';
import { Untrusted } from '../../shared/untrusted.tsx';
import { When } from '../../shared/when.tsx';
import { useRoleName } from '../../session/role-name.ts';
import { apiKeysQuery, keysOf, type ApiKey } from '../connections.queries.ts';
import { DialogButton } from '../dialog-button.tsx';
import { useOutcome } from '../outcome.tsx';
import { SectionPage } from '../section-page.tsx';
import { StatusBadge } from '../status-badge.tsx';
import { WriteDialog } from '../write-dialog.tsx';
import { CreateKey } from './create-key.tsx';

const route = getRouteApi('/connections/keys');

export function KeysPage() {
  const { t } = useTranslation('connections');
  const roleName = useRoleName();
  const search = route.useSearch();
  const { data, error, refetch } = useQuery(apiKeysQuery(search));
  const outcome = useOutcome();
  const columns: Column<ApiKey>[] = [
    { key: 'name', header: t('name'), maxWidth: '16rem', render: ({ name }) => <Untrusted text={name} isClipped /> },
    { key: 'role', header: t('key.role'), render: ({ role }) => roleName(role) },
    {
      key: 'brands',
      header: t('brands'),
      maxWidth: '10rem',
      render: ({ brands }) => (brands === null ? t('allBrands') : <Untrusted text={brands.join(', ')} isClipped />),
    },
    { key: 'status', header: t('status'), render: (key) => <StatusBadge text={t(`key.statuses.${statusOf(key)}`)} /> },
    {
      key: 'expires',
      header: t('key.expires'),
      render: ({ expires_at: at }) => (at === null ? t('key.never') : <When at={at} />),
    },
    { key: 'created', header: t('created'), render: ({ created_at: at }) => <When at={at} /> },
    {
      key: 'actions',
      header: t('actions'),
      render: ({ api_key_id: id, name, revoked_at: revokedAt }) =>
        revokedAt === null && (
          <DialogButton name={t('key.revoke')} label={t('key.revokeKey', { name })}>
            {(close) => (
              <WriteDialog
                title={t('key.revoke')}
                text={t('key.revokeText', { name: isolated(name) })}
                given={{ id }}
                send={() => dataOf(api.DELETE('/api/workflow/api-keys/{id}', { params: { path: { id } } }))}
                changes={keysOf.keys}
                onTaken={() => outcome.say(t('key.revoked'))}
                onClose={close}
              />
            )}
          </DialogButton>
        ),
    },
  ];
  return (
    <SectionPage
      of="keys"
      search={search}
      rows={data?.api_keys}
      next={data?.next_cursor}
      error={error}
      onRetry={() => void refetch()}
      columns={columns}
      rowKey={({ api_key_id: id }) => id}
    >
      <div>
        <DialogButton name={t('key.create')}>{(close) => <CreateKey outcome={outcome} onClose={close} />}</DialogButton>
      </div>
      {outcome.view}
    </SectionPage>
  );
}

function statusOf({ revoked_at: revokedAt, expires_at: expiresAt }: ApiKey): 'valid' | 'revoked' | 'expired' {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && Date.parse(expiresAt) <= Date.now() ? 'expired' : 'valid';
}
