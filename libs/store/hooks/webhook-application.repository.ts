/** `webhook_applications`, `_id` = id of the application. The token is looked up by its hash. */
import { Schema, type Connection, type InferRawDocTypeFromSchema } from 'mongoose';
import type { StoredWebhookApplication, WebhookApplication } from '#libs/domain/hooks/webhook-application.ts';
import { findById, insertNew } from '../mongo/by-id.ts';
import { compareAndSet, removal } from '../mongo/compare-and-set.ts';
import { nullable, required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';
import { readPage, type Page, type PageRequest } from '../mongo/keyset-page.ts';
import { guarded } from '../mongo/store-error.ts';
import { storeText, storeValue } from '../mongo/storable-text.ts';

export interface WebhookApplications {
  /** @returns false when there is one of this id, which stays as it is */
  add(application: StoredWebhookApplication): Promise<boolean>;
  get(applicationId: string): Promise<WebhookApplication | null>;
  /** @param tokenHash SHA-256 of a token, hex */
  findByToken(tokenHash: string): Promise<WebhookApplication | null>;
  /** Newest first. @throws InvalidInputError for a wrong cursor */
  list(page?: PageRequest): Promise<Page<WebhookApplication>>;
  /**
   * Optimistic: `change` is called again when another change came first.
   * @param change pure; it may throw. The version is counted here
   * @returns what is stored now; null where there is none
   */
  change(
    applicationId: string,
    change: (stored: StoredWebhookApplication) => StoredWebhookApplication,
  ): Promise<WebhookApplication | null>;
  /** @returns false where there was none */
  remove(applicationId: string): Promise<boolean>;
}

const schema = Schema.create(
  {
    _id: required(String),
    /** What is called the version elsewhere. */
    revision: required(Number),
    name: required(String),
    description: required(String),
    impersonate_username: nullable(String),
    enabled: required(Boolean),
    created_at: required(String),
    created_by: required(String),
    updated_at: required(String),
    updated_by: required(String),
    token_created_at: required(String),
    token_hash: required(String),
  },
  schemaOptions,
);
type ApplicationDocument = InferRawDocTypeFromSchema<typeof schema>;
schema.index({ token_hash: 1 }, { unique: true });
schema.index({ created_at: -1, _id: -1 });

export const newestApplicationsFirst = { created_at: -1, _id: -1 } as const;

export const webhookApplicationModel = defineModel('webhook_applications', schema);

export function createWebhookApplications(connection: Connection): WebhookApplications {
  const applications = webhookApplicationModel(connection);

  return guarded<WebhookApplications>({
    async add({ application_id: _id, version: revision, ...application }) {
      const document = storeValue({ _id, revision, ...application });
      return (await insertNew(applications, [document])).length === 0;
    },

    async get(applicationId) {
      const document = await findById(applications, storeText(applicationId));
      return document && toShown(document);
    },

    async findByToken(tokenHash) {
      const document = await applications.findOne({ token_hash: tokenHash }).lean();
      return document && toShown(document);
    },

    async list(page = {}) {
      const query = { filter: {}, sort: newestApplicationsFirst, types: ['string', 'string'] } as const;
      const { items, nextCursor } = await readPage(applications, query, page);
      return { items: items.map(toShown), nextCursor };
    },

    change: (applicationId, change) =>
      compareAndSet<ApplicationDocument, WebhookApplication | null>(
        applications,
        storeText(applicationId),
        async (stored) => {
          if (stored === null) return { result: null, content: null };
          const { application_id: _id, version: _version, ...content } = storeValue(change(toStored(stored)));
          const changed = { ...stored, ...content, revision: stored.revision + 1 };
          return { result: toShown(changed), content };
        },
      ),

    remove: (applicationId) =>
      compareAndSet<ApplicationDocument, boolean>(applications, storeText(applicationId), async (stored) => ({
        result: stored !== null,
        content: stored === null ? null : removal,
      })),
  });
}

function toStored({ _id, revision, ...rest }: ApplicationDocument): StoredWebhookApplication {
  return { application_id: _id, version: revision, ...rest };
}

function toShown(document: ApplicationDocument): WebhookApplication {
  const { token_hash: _hash, ...shown } = toStored(document);
  return shown;
}
