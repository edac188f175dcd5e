/** Where a workflow webhook is reached. */
import type { WorkflowWebhook } from '#libs/domain/workflow-webhooks/workflow-webhook.ts';

export interface WithAddresses extends WorkflowWebhook {
  /** Takes the API key, and answers with a session token. */
  handshake_url: string;
  /** Takes events. */
  webhook_url: string;
}

/** @param base without a slash at its end */
export function withAddresses(webhook: WorkflowWebhook, base: string): WithAddresses {
  const webhook_url = `${base}/webhooks/${webhook.id}`;
  return { ...webhook, handshake_url: `${webhook_url}/handshake`, webhook_url };
}
