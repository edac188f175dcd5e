/** Workflow webhooks as the API answers with them; keys are shown once. */
import { z } from 'zod';
import { tokenExchanges } from '#libs/domain/workflow-webhooks/workflow-webhook.ts';
import { nextCursor, time } from '../openapi/shared.schema.ts';

const keySchema = z
  .object({
    key_id: z.string(),
    created_at: time,
    created_by: z.string(),
    ends_at: time.nullable().meta({ description: 'Until when it is valid; null = it is the present one' }),
  })
  .meta({ id: 'WebhookKey' });

const webhookSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    brand: z.string().nullable().meta({ description: "null = found by the event's trading account" }),
    enabled: z.boolean(),
    token_exchange: z.enum(tokenExchanges).meta({
      description: '`required`: events come with a session token; `disabled`: with the API key itself',
    }),
    event_types: z
      .record(z.string(), z.string())
      .meta({ description: 'Trigger of each type of event; other types keep their name' }),
    rate_limit: z.int().nullable().meta({ description: 'Events a minute, for each API process; null = no limit' }),
    keys: z.array(keySchema).meta({ description: 'Valid keys, the newest first' }),
    version: z.int(),
    created_at: time,
    created_by: z.string(),
    updated_at: time,
    updated_by: z.string(),
    handshake_url: z.string().meta({ description: 'Takes the API key, and answers with a session token' }),
    webhook_url: z.string().meta({ description: 'Takes events' }),
  })
  .meta({ id: 'WorkflowWebhook' });

export const webhookAnswer = z.object({ webhook: webhookSchema });
export const webhooksAnswer = z.object({ webhooks: z.array(webhookSchema), next_cursor: nextCursor });
export const withKeyAnswer = z.object({
  webhook: webhookSchema,
  key: z.string().meta({ description: 'The API key itself; it is never shown again' }),
});
export const deletedWebhookAnswer = z.object({ id: z.string() });

export type WebhookView = z.output<typeof webhookSchema>;
