import { Group } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, dataOf } from '../../shared/client.ts';
import { keysOf, type WebhookApplication } from '../connections.queries.ts';
import { DialogButton } from '../dialog-button.tsx';
import type { Outcome } from '../outcome.tsx';
import { WriteDialog } from '../write-dialog.tsx';
import { ChangeApplication } from './application-forms.tsx';

interface Props {
  application: WebhookApplication;
  outcome: Outcome;
}

/** What an administrator of all brands may do to an application. */
export function ApplicationControls({ application, outcome }: Props) {
  const { t } = useTranslation('connections');
  const navigate = useNavigate();
  const { application_id: id, enabled } = application;
  const call = { params: { path: { id } } };
  const changes = keysOf.applications;
  const verb = enabled ? 'disable' : 'enable';
  return (
    <Group gap="xs">
      <DialogButton name={t('change')}>
        {(close) => <ChangeApplication application={application} outcome={outcome} onClose={close} />}
      </DialogButton>
      <DialogButton key={verb} name={t(`application.${verb}`)}>
        {(close) => (
          <WriteDialog
            title={t(`application.${verb}`)}
            text={t(`application.${verb}Text`)}
            given={{ id }}
            send={() => dataOf(api.POST(`/api/workflow/hooks/{id}/${verb}`, call))}
            changes={changes}
            onTaken={() => outcome.say(t(enabled ? 'application.disabled' : 'application.enabled'))}
            onClose={close}
          />
        )}
      </DialogButton>
      <DialogButton name={t('application.token')}>
        {(close) => (
          <WriteDialog
            title={t('application.token')}
            text={t('application.tokenText')}
            given={{ id }}
            send={async () => {
              const { url, token } = await dataOf(api.POST('/api/workflow/hooks/{id}/token', call));
              const parts = [
                { name: 'url' as const, value: url },
                { name: 'token' as const, value: token },
              ];
              outcome.reveal({ title: t('application.token'), parts });
            }}
            changes={changes}
            onTaken={() => outcome.say(t('application.tokenMade'))}
            onClose={close}
          />
        )}
      </DialogButton>
      <DialogButton name={t('delete')}>
        {(close) => (
          <WriteDialog
            title={t('delete')}
            text={t('application.deleteText')}
            given={{ id }}
            send={() => dataOf(api.DELETE('/api/workflow/hooks/{id}', { params: { path: { id } } }))}
            changes={[]}
            onTaken={() => void navigate({ to: '/connections/applications' })}
            onClose={close}
          />
        )}
      </DialogButton>
    </Group>
  );
}
