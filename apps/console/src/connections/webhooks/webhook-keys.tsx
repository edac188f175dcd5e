import { Stack, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, dataOf } from '../../shared/client.ts';
import { DataTable, type Column } from '../../shared/data-table.tsx';
import { Untrusted } from '../../shared/untrusted.tsx';
import { When } from '../../shared/when.tsx';
import { keysOf, type WorkflowWebhook } from '../connections.queries.ts';
import { DialogButton } from '../dialog-button.tsx';
import type { Outcome } from '../outcome.tsx';
import { WriteDialog } from '../write-dialog.tsx';

type Key = WorkflowWebhook['keys'][number];

/** The valid keys of a webhook, never the keys themselves. */
export function WebhookKeys({ webhook: { id, keys }, outcome }: { webhook: WorkflowWebhook; outcome: Outcome }) {
  const { t } = useTranslation('connections');
  const columns: Column<Key>[] = [
    { key: 'key', header: t('webhook.key'), render: ({ key_id: key }) => <Untrusted text={key} /> },
    { key: 'created', header: t('created'), render: ({ created_at: at }) => <When at={at} /> },
    {
      key: 'ends',
      header: t('webhook.validUntil'),
      render: ({ ends_at: at }) => (at === null ? t('webhook.present') : <When at={at} />),
    },
    {
      key: 'actions',
      header: t('actions'),
      render: ({ key_id: key }) => (
        <DialogButton name={t('webhook.revoke')} label={t('webhook.revokeKey', { key })}>
          {(close) => (
            <WriteDialog
              title={t('webhook.revoke')}
              text={t('webhook.revokeText', { key })}
              given={{ key }}
              send={() =>
                dataOf(api.DELETE('/api/workflow/webhooks/{id}/keys/{key}', { params: { path: { id, key } } }))
              }
              changes={keysOf.webhooks}
              onTaken={() => outcome.say(t('webhook.revoked'))}
              onClose={close}
            />
          )}
        </DialogButton>
      ),
    },
  ];
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {t('webhook.keys')}
      </Title>
      <DataTable label={t('webhook.keys')} columns={columns} rows={keys} rowKey={({ key_id: key }) => key} />
    </Stack>
  );
}
