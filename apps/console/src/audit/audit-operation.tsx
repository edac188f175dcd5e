import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AuditOperation } from './audit-search.ts';

/** What each operation is about, and what it does. One that is missing is shown as the API names it. */
export const operationWords = {
  'rule.create': ['rule', 'create'],
  'rule.update': ['rule', 'update'],
  'rule.archive': ['rule', 'archive'],
  'rule.delete': ['rule', 'delete'],
  'rule.override': ['rule', 'override'],
  'run.pause': ['run', 'pause'],
  'run.resume': ['run', 'resume'],
  'run.cancel': ['run', 'cancel'],
  'run.retry': ['run', 'retry'],
  'run.release': ['run', 'release'],
  'run.discard': ['run', 'discard'],
  'approval.answer': ['approval', 'answer'],
  'approval.reassign': ['approval', 'reassign'],
  'approval.cancel': ['approval', 'cancel'],
  'backtest.start': ['backtest', 'start'],
  'backtest.cancel': ['backtest', 'cancel'],
  'api_key.create': ['apiKey', 'create'],
  'api_key.revoke': ['apiKey', 'revoke'],
  'directory.load': ['directory', 'load'],
  'task.close': ['task', 'close'],
  'notification.read': ['notification', 'read'],
  'event.retry': ['event', 'retry'],
  'events.reprocess': ['event', 'reprocess'],
  'subscription.create': ['subscription', 'create'],
  'subscription.update': ['subscription', 'update'],
  'subscription.delete': ['subscription', 'delete'],
  'webhook.create': ['webhook', 'create'],
  'webhook.update': ['webhook', 'update'],
  'webhook.delete': ['webhook', 'delete'],
  'hook.create': ['hook', 'create'],
  'hook.update': ['hook', 'update'],
  'hook.delete': ['hook', 'delete'],
} as const satisfies Partial<Record<AuditOperation, readonly [string, string]>>;

type Known = keyof typeof operationWords;

function isKnown(operation: string): operation is Known {
  return Object.hasOwn(operationWords, operation);
}

export function OperationName({ operation }: { operation: string }) {
  const { t } = useTranslation('audit');
  if (!isKnown(operation)) return <code>{operation}</code>;
  const [thing, verb] = operationWords[operation];
  return (
    <>
      {t(`things.${thing}`)}: {t(`verbs.${verb}`)}
      <Text size="sm" c="dimmed">
        {operation}
      </Text>
    </>
  );
}
