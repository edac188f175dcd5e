/** `workflow_webhooks`, `_id` = id of the webhook. */
import { randomInt } from 'node:crypto';
import { Schema, type Connection, type InferRawDocTypeFromSchema } from 'mongoose';
import type { StoredWebhookKey } from '#libs/domain/workflow-webhooks/webhook-key.ts';
import type {
  StoredWorkflowWebhook,
  TokenExchange,
  WorkflowWebhooks,
} from '#libs/domain/workflow-webhooks/workflow-webhook.ts';
import { findById, insertNew } from '../mongo/by-id.ts';
import { createChangeCount } from '../mongo/change-count.ts';
import { compareAndSet, removal } from '../mongo/compare-and-set.ts';
import { Mixed, nullable, required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';
import { storeText, storeValue } from '../mongo/storable-text.ts';
import { guarded } from '../mongo/store-error.ts';

/** Names of members may not hold the dots of event types. */
interface MappedType {
  type: string;
  trigger: string;
}

const schema = Schema.create(
  {
    _id: required(String),
    revision: required(Number),
    name: required(String),
    description: required(String),
    brand: nullable(String),
    enabled: required(Boolean),
    token_exchange: required<TokenExchange>(String),
    event_types: required<MappedType[]>([Mixed]),
    rate_limit: nullable(Number),
    keys: required<StoredWebhookKey[]>([Mixed]),
    version: required(Number),
    created_at: required(String),
    created_by: required(String),
    updated_at: required(String),
    updated_by: required(String),
  },
  schemaOptions,
);
type WebhookDocument = InferRawDocTypeFromSchema<typeof schema>;

export const workflowWebhookModel = defineModel('workflow_webhooks', schema);

/** One that is made anew must not pass for the one before it, which was removed. */
const maxFirstRevision = 2 ** 40;

export function createWorkflowWebhooks(connection: Connection): WorkflowWebhooks {
  const webhooks = workflowWebhookModel(connection);
  const { count, revision } = createChangeCount(connection, 'workflow_webhooks');

  return guarded<WorkflowWebhooks>({
    async add(webhook) {
      const document = { ...toContent(webhook), _id: webhook.id, revision: randomInt(maxFirstRevision) };
      const isNew = (await insertNew(webhooks, [document])).length === 0;
      if (isNew) await count();
      return isNew;
    },

    async get(id) {
      const document = await findById(webhooks, storeText(id));
      return document && toWebhook(document);
    },

    async change(id, plan) {
      const changed = await compareAndSet<WebhookDocument, StoredWorkflowWebhook | null>(
        webhooks,
        storeText(id),
        async (stored) => {
          if (stored === null) return { result: null, content: null };
          const result = plan(toWebhook(stored));
          return { result, content: toContent(result) };
        },
      );
      if (changed !== null) await count();
      return changed;
    },

    async remove(id, check) {
      const wasThere = await compareAndSet<WebhookDocument, boolean>(webhooks, storeText(id), async (stored) => {
        if (stored !== null) check(toWebhook(stored));
        return { result: stored !== null, content: removal };
      });
      if (wasThere) await count();
      return wasThere;
    },

    revision,

    async all() {
      return (await webhooks.find().lean()).map(toWebhook);
    },
  });
}

function toContent({
  id: _id,
  event_types,
  ...rest
}: StoredWorkflowWebhook): Omit<WebhookDocument, '_id' | 'revision'> {
  const mapped = Object.entries(event_types).map(([type, trigger]) => ({ type, trigger }));
  return storeValue({ ...rest, event_types: mapped });
}

function toWebhook({ _id, revision: _revision, event_types, ...rest }: WebhookDocument): StoredWorkflowWebhook {
  return { id: _id, ...rest, event_types: Object.fromEntries(event_types.map(({ type, trigger }) => [type, trigger])) };
}
