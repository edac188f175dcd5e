import { Group } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, dataOf } from '../../shared/client.ts';
import { keysOf, type Subscription } from '../connections.queries.ts';
import { DialogButton } from '../dialog-button.tsx';
import type { Outcome } from '../outcome.tsx';
import { WriteDialog } from '../write-dialog.tsx';
import { ChangeSubscription } from './change-subscription.tsx';
import { Redeliver } from './redeliver.tsx';

/** What an administrator may do to a subscription. */
export function SubscriptionControls({ subscription, outcome }: { subscription: Subscription; outcome: Outcome }) {
  const { t } = useTranslation('connections');
  const navigate = useNavigate();
  const { subscription_id: id, status } = subscription;
  const call = { params: { path: { id } } };
  const changes = keysOf.subscriptions;
  const verb = status === 'active' ? 'pause' : 'resume';
  return (
    <Group gap="xs">
      <DialogButton name={t('subscription.test')}>
        {(close) => (
          <WriteDialog
            title={t('subscription.test')}
            text={t('subscription.testText')}
            given={{ id }}
            send={async () => (await dataOf(api.POST('/api/workflow/subscriptions/{id}/test', call))).test}
            changes={changes}
            onTaken={({ is_delivered: isDelivered, status: answer, error, excerpt, duration_ms: ms }) =>
              outcome.say(
                isDelivered
                  ? t('subscription.delivered', { status: answer ?? '', ms })
                  : t('subscription.refused', { why: error ?? `${answer} ${excerpt}` }),
              )
            }
            onClose={close}
          />
        )}
      </DialogButton>
      <DialogButton name={t('change')}>
        {(close) => <ChangeSubscription subscription={subscription} outcome={outcome} onClose={close} />}
      </DialogButton>
      <DialogButton key={verb} name={t(`subscription.${verb}`)}>
        {(close) => (
          <WriteDialog
            title={t(`subscription.${verb}`)}
            text={t(`subscription.${verb}Text`)}
            given={{ id }}
            send={() => dataOf(api.POST(`/api/workflow/subscriptions/{id}/${verb}`, call))}
            changes={changes}
            onTaken={() => outcome.say(t(verb === 'pause' ? 'subscription.paused' : 'subscription.resumed'))}
            onClose={close}
          />
        )}
      </DialogButton>
      <DialogButton name={t('subscription.rotate')}>
        {(close) => (
          <WriteDialog
            title={t('subscription.rotate')}
            text={t('subscription.rotateText')}
            given={{ id }}
            send={async () => {
              const { secret } = await dataOf(api.POST('/api/workflow/subscriptions/{id}/rotate', call));
              outcome.reveal({ title: t('subscription.rotate'), parts: [{ name: 'secret', value: secret }] });
            }}
            changes={changes}
            onTaken={() => outcome.say(t('subscription.rotated'))}
            onClose={close}
          />
        )}
      </DialogButton>
      {status === 'active' && (
        <DialogButton name={t('subscription.redeliver')}>
          {(close) => <Redeliver id={id} outcome={outcome} onClose={close} />}
        </DialogButton>
      )}
      <DialogButton name={t('delete')}>
        {(close) => (
          <WriteDialog
            title={t('delete')}
            text={t('subscription.deleteText')}
            given={{ id }}
            send={() => dataOf(api.DELETE('/api/workflow/subscriptions/{id}', { params: { path: { id } } }))}
            changes={[]}
            onTaken={() => void navigate({ to: '/connections/subscriptions' })}
            onClose={close}
          />
        )}
      </DialogButton>
    </Group>
  );
}
