import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { RunDelivery } from '../shared/client.ts';
import { Untrusted } from '../shared/untrusted.tsx';
import { When } from '../shared/when.tsx';

/** What each subscription took of an event of the run, the latest attempt first. */
export function EventDeliveries({ eventId, deliveries }: { eventId: string; deliveries: readonly RunDelivery[] }) {
  const { t } = useTranslation('runs');
  const concerned = deliveries
    .map((one) => ({ ...one, attempts: one.attempts.filter(({ event_id }) => event_id === eventId) }))
    .filter(({ attempts, waiting }) => attempts.length > 0 || waiting.includes(eventId));
  if (concerned.length === 0) return null;
  return (
    <ul className="timeline" aria-label={t('deliveries.title')}>
      {concerned.map(({ subscription_id, name, attempts, waiting, next_at }) => (
        <li key={subscription_id}>
          <Untrusted text={name} />
          {waiting.includes(eventId) && (
            <Text size="sm">
              {t('deliveries.waits')}
              {next_at !== null && (
                <>
                  {' '}
                  <When at={next_at} />
                </>
              )}
            </Text>
          )}
          {attempts.map(({ attempt_id, number, outcome, status, error, at }) => (
            <Text key={attempt_id} size="sm">
              {t(`deliveries.${outcome}`, { number })}
              {status !== null && `, HTTP ${status}`}, <When at={at} />
              {error !== null && (
                <>
                  {': '}
                  <Untrusted text={error} isClipped />
                </>
              )}
            </Text>
          ))}
        </li>
      ))}
    </ul>
  );
}
