/**
 * `webhook_claims`, `_id` = id of the claim. `webhook_publications`: which of them were published, many to a document,
 * since a store update costs as much as the insert of a whole batch.
 */
import { Schema, type Connection, type InferRawDocTypeFromSchema } from 'mongoose';
import { mapLimited } from '#libs/async/map-limited.ts';
import { sha256 } from '#libs/domain/values/sha256.ts';
import type { WebhookClaim, WebhookClaims } from '#libs/domain/workflow-webhooks/webhook-claim.ts';
import { insertNew, insertOrFind } from '../mongo/by-id.ts';
import { nullable, required } from '../mongo/fields.ts';
import { collectionFor, defineModel, schemaOptions } from '../mongo/model.ts';
import { guarded } from '../mongo/store-error.ts';

const claimSchema = Schema.create(
  {
    _id: required(String),
    payload: required(String),
    trigger: required(String),
    brand: nullable(String),
    at: required(String),
  },
  schemaOptions,
);
type ClaimDocument = InferRawDocTypeFromSchema<typeof claimSchema>;
claimSchema.index({ at: 1 });

const publicationSchema = Schema.create(
  {
    /** Follows from the claims. */
    _id: required(String),
    at: required(String),
    /** Short digests of the claims: the embedded store's index holds the whole list in 2.7 KB. */
    keys: required([String]),
    claims: required([String]),
  },
  schemaOptions,
);
publicationSchema.index({ at: 1 });
publicationSchema.index({ keys: 1 });

export const webhookClaimModel = defineModel('webhook_claims', claimSchema);
export const webhookPublicationModel = defineModel('webhook_publications', publicationSchema);

/** Of each collection, forgotten in one go. */
const maxForgotten = 500;

export function createWebhookClaims(connection: Connection): WebhookClaims {
  // The driver's: every event that is reported comes through here, as a document that this file has made.
  const claims = collectionFor(webhookClaimModel(connection));
  const publications = collectionFor(webhookPublicationModel(connection));

  return guarded<WebhookClaims>({
    async claim(wanted) {
      const stored = await insertOrFind(claims, wanted.map(toDocument));
      return new Map(Array.from(stored, ([index, document]) => [index, toClaim(document)]));
    },

    async markPublished(claimIds, at) {
      const _id = sha256(claimIds.join());
      await insertNew(publications, [{ _id, at, keys: claimIds.map(toKey), claims: claimIds }]);
    },

    async isPublished(claimId) {
      const found = await publications.find({ keys: toKey(claimId) }).toArray();
      return found.some((publication) => publication.claims.includes(claimId));
    },

    async forget(before) {
      const oldest = { sort: { at: 1 }, limit: maxForgotten, projection: { _id: 1 } } as const;
      const oldClaims = await claims.find({ at: { $lt: before } }, oldest).toArray();
      await mapLimited(oldClaims, ({ _id }) => claims.deleteOne({ _id }));
      const oldPublications = await publications.find({ at: { $lt: before } }, oldest).toArray();
      await mapLimited(oldPublications, ({ _id }) => publications.deleteOne({ _id }));
      return oldClaims.length + oldPublications.length;
    },
  });
}

function toDocument({ id, ...rest }: WebhookClaim): ClaimDocument {
  return { _id: id, ...rest };
}

function toClaim({ _id, ...rest }: ClaimDocument): WebhookClaim {
  return { id: _id, ...rest };
}

/** Two claims with one key are told apart by the list of claims. */
function toKey(claimId: string): string {
  return sha256(claimId).slice(0, 16);
}
