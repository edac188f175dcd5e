import { useTranslation } from 'react-i18next';
import { api, dataOf } from '../../shared/client.ts';
import { keysOf } from '../connections.queries.ts';
import { DialogButton } from '../dialog-button.tsx';
import type { Outcome } from '../outcome.tsx';
import { WriteDialog } from '../write-dialog.tsx';

/** Sends one event again, or tries it now. */
export function ResendEvent({ id, eventId, outcome }: { id: string; eventId: string; outcome: Outcome }) {
  const { t } = useTranslation('connections');
  return (
    <DialogButton name={t('subscription.resend')} label={t('subscription.resendEvent', { event: eventId })}>
      {(close) => (
        <WriteDialog
          title={t('subscription.resend')}
          text={t('subscription.resendText', { event: eventId })}
          given={{ event_id: eventId }}
          send={(body) =>
            dataOf(api.POST('/api/workflow/subscriptions/{id}/resend', { params: { path: { id } }, body }))
          }
          changes={keysOf.subscriptions}
          onTaken={() => outcome.say(t('subscription.resent'))}
          onClose={close}
        />
      )}
    </DialogButton>
  );
}
