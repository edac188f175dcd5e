import { Alert, Button, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ApiFailure } from './client.ts';
import { errorText, sayProblem } from './said/said.ts';
import { Original, SaidText } from './said/said-text.tsx';
import { useLanguage } from './said/use-language.ts';
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
  const language = useLanguage();
  const given = error instanceof ApiFailure ? error.code : '';
  const code = known.find((one) => one === given);
  const text = errorText(language, given);
  return (
    <Alert role="alert" variant="default" title={`✗ ${text ?? t(`failures.${code ?? 'other'}`)}`}>
      <Stack align="flex-start" gap="xs">
        {error.message !== '' && text === null && (
          <Text size="sm">
            <Untrusted text={error.message} />
          </Text>
        )}
        {details.map((problem) => (
          <Text component="div" size="sm" key={`${problem.path} ${problem.message}`}>
            {problem.path !== '' && (
              <>
                <Untrusted text={problem.path} />:{' '}
              </>
            )}
            <SaidText said={sayProblem(language, problem)} />
          </Text>
        ))}
        {text !== null && <Original text={error.message} />}
        {onRetry !== undefined && (
          <Button size="xs" variant="default" onClick={onRetry}>
            {t('shared.again')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
