import { Group } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, dataOf } from '../../shared/client.ts';
import { keysOf, type WorkflowWebhook } from '../connections.queries.ts';
import { DialogButton } from '../dialog-button.tsx';
import type { Outcome } from '../outcome.tsx';
import { WriteDialog } from '../write-dialog.tsx';
import { RotateKey } from './rotate-key.tsx';
import { ChangeWebhook } from './webhook-forms.tsx';

/** What an administrator may do to a workflow webhook. */
export function WebhookControls({ webhook, outcome }: { webhook: WorkflowWebhook; outcome: Outcome }) {
  const { t } = useTranslation('connections');
  const navigate = useNavigate();
  const { id, enabled } = webhook;
  const params = { path: { id } };
  const verb = enabled ? 'switchOff' : 'switchOn';
  return (
    <Group gap="xs">
      <DialogButton name={t('change')}>
        {(close) => <ChangeWebhook webhook={webhook} outcome={outcome} onClose={close} />}
      </DialogButton>
      <DialogButton key={verb} name={t(`webhook.${verb}`)}>
        {(close) => (
          <WriteDialog
            title={t(`webhook.${verb}`)}
            text={t(`webhook.${verb}Text`)}
            given={{ enabled: !enabled }}
            send={(body) => dataOf(api.PATCH('/api/workflow/webhooks/{id}', { params, body }))}
            changes={keysOf.webhooks}
            onTaken={() => outcome.say(t(enabled ? 'webhook.switchedOff' : 'webhook.switchedOn'))}
            onClose={close}
          />
        )}
      </DialogButton>
      <DialogButton name={t('webhook.rotate')}>
        {(close) => <RotateKey id={id} outcome={outcome} onClose={close} />}
      </DialogButton>
      <DialogButton name={t('delete')}>
        {(close) => (
          <WriteDialog
            title={t('delete')}
            text={t('webhook.deleteText')}
            given={{ id }}
            send={() => dataOf(api.DELETE('/api/workflow/webhooks/{id}', { params }))}
            changes={[]}
            onTaken={() => void navigate({ to: '/connections/webhooks' })}
            onClose={close}
          />
        )}
      </DialogButton>
    </Group>
  );
}
