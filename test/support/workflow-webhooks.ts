/** Workflow webhooks as tests need them. */
import { drawWebhookKey } from '#libs/domain/workflow-webhooks/webhook-key.ts';
import { usualEventTypes, type StoredWorkflowWebhook } from '#libs/domain/workflow-webhooks/workflow-webhook.ts';

export const tokenSecret = 'a secret for session tokens of at least 32 characters';

export function webhookRecord(given: Partial<StoredWorkflowWebhook> = {}): StoredWorkflowWebhook {
  const at = new Date().toISOString();
  return {
    id: 'registrations',
    name: 'registrations',
    description: '',
    brand: null,
    enabled: true,
    token_exchange: 'required',
    event_types: usualEventTypes,
    rate_limit: null,
    keys: [drawWebhookKey('test', new Date()).key],
    version: 1,
    created_at: at,
    created_by: 'test',
    updated_at: at,
    updated_by: 'test',
    ...given,
  };
}
