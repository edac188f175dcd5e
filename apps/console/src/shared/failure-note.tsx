import { Alert, Button, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ApiFailure } from './client.ts';
import { Untrusted } from './untrusted.tsx';

const known = [
  'no_session',
  'access_denied',
  'not_entitled',
  'run_not_found',
  'run_conflict',
  'customer_not_found',
  'manager_not_found',
  'task_not_found',
  'notification_not_found',
  'run_not_held',
  'bulk_operation_not_found',
  'bulk_count_changed',
  'too_many_runs',
  'record_not_found',
  'record_exists',
  'approval_not_found',
  'approval_conflict',
  'approval_expired',
  'invalid_query',
  'version_not_found',
  'backtest_not_found',
  'dead_letter_not_found',
  'dead_letter_resent',
  'not_resendable',
  'resend_refused',
  'resend_unknown',
  'kafka_unavailable',
  'invalid_body',
  'subscription_made',
  'subscription_not_found',
  'subscription_not_active',
  'application_made',
  'application_not_found',
  'api_key_made',
  'webhook_exists',
  'webhook_not_found',
  'temporal_unavailable',
  'outcome_unknown',
  'store_unavailable',
  'too_many_requests',
  'rule_not_found',
  'version_conflict',
  'rule_archived',
  'invalid_rule',
  'four_eyes_required',
  'too_costly',
  'rules_busy',
  'change_too_large',
  'too_large',
  'event_not_kept',
  'invalid_event',
  'unreachable',
] as const;

/** What went wrong in plain words, and what the server said. */
export function FailureNote({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  const { t } = useTranslation();
  const details = error instanceof ApiFailure ? error.details : [];
  const code = error instanceof ApiFailure ? known.find((one) => one === error.code) : undefined;
  return (
    <Alert role="alert" variant="default" title={`✗ ${t(`failures.${code ?? 'other'}`)}`}>
      <Stack align="flex-start" gap="xs">
        {error.message !== '' && (
          <Text size="sm">
            <Untrusted text={error.message} />
          </Text>
        )}
        {details.map(({ path, message }) => (
          <Text size="sm" key={`${path} ${message}`}>
            <Untrusted text={`${path}: ${message}`} />
          </Text>
        ))}
        {onRetry !== undefined && (
          <Button size="xs" variant="default" onClick={onRetry}>
            {t('shared.again')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
