/** `approvals`: the inbox of questions that runs put to people, `_id` = correlation token. */
import { Schema, type Connection, type Model, type QueryFilter } from 'mongoose';
import type { Approval, ApprovalFilter } from '#libs/domain/approval.ts';
import { upsertOver } from './by-id.ts';
import { collectionOf, modelOf, schemaOptions } from './model.ts';
import { readPage, type Page, type PageRequest } from './page.ts';
import { guarded } from './store-error.ts';
import { storeText, storeValue } from './store-text.ts';

export interface ApprovalRepository {
  /** Writes it whole. Idempotent; once it is closed nothing changes any more (an attempt may arrive late). */
  put(approval: Approval): Promise<void>;
  get(token: string): Promise<Approval | null>;
  /** Newest first. @throws InvalidInputError for a wrong cursor */
  list(filter?: ApprovalFilter, page?: PageRequest): Promise<Page<Approval>>;
  /** Closes what a run left open that could not do it itself. @param at ISO 8601 UTC */
  cancelOpen(runId: string, at: string): Promise<void>;
}

type ApprovalDocument = Omit<Approval, 'token' | 'approvers'> & { _id: string; roles: string[]; users: string[] };

const text = { type: String };
const schema = new Schema<ApprovalDocument>(
  {
    _id: { type: String, required: true },
    run_id: text,
    rule_id: text,
    rule_name: text,
    action: Number,
    event_id: text,
    tenant: text,
    customer_id: text,
    login: Number,
    title: text,
    message: text,
    roles: [text],
    users: [text],
    required: { type: Number },
    forbidden_users: [text],
    state: text,
    answers: [Schema.Types.Mixed],
    reassignments: [Schema.Types.Mixed],
    asked_at: text,
    expires_at: text,
    closed_at: text,
  },
  schemaOptions,
);
schema.index({ state: 1, asked_at: -1, _id: -1 });
schema.index({ asked_at: -1, _id: -1 });
schema.index({ tenant: 1, asked_at: -1, _id: -1 });
schema.index({ run_id: 1, asked_at: -1, _id: -1 });

export const newestAskedFirst = { asked_at: -1, _id: -1 } as const;

export function approvalModel(connection: Connection): Model<ApprovalDocument> {
  return modelOf(connection, 'approvals', schema);
}

export function createApprovals(connection: Connection): ApprovalRepository {
  const model = approvalModel(connection);
  const approvals = collectionOf(model);

  return guarded<ApprovalRepository>({
    async put(approval) {
      const { _id, ...document } = documentOf(approval);
      // False when it is there and closed.
      await upsertOver(approvals, { _id, closed_at: null }, (open) =>
        approvals.replaceOne(open, storeValue(document), { upsert: true }),
      );
    },

    async get(token) {
      const document = await approvals.findOne({ _id: storeText(token) });
      return document && approvalOf(document);
    },

    async list(filter = {}, page = {}) {
      const query = { filter: approvalsQueryOf(filter), sort: newestAskedFirst, types: ['string', 'string'] } as const;
      const { items, nextCursor } = await readPage(model, query, page);
      return { items: items.map(approvalOf), nextCursor };
    },

    async cancelOpen(runId, at) {
      const open = await approvals.find({ run_id: storeText(runId), state: 'open' }).toArray();
      for (const { _id } of open) {
        await approvals.updateOne({ _id, closed_at: null }, { $set: { state: 'cancelled', closed_at: at } });
      }
    },
  });
}

export function approvalsQueryOf({
  answerableBy,
  tenants,
  state,
  runId,
}: ApprovalFilter): QueryFilter<ApprovalDocument> {
  const brands = answerableBy?.brands === undefined ? tenants : (tenants ?? answerableBy.brands);
  return {
    ...(state !== undefined && { state }),
    ...(runId !== undefined && { run_id: storeText(runId) }),
    ...(brands !== undefined && { tenant: { $in: brands } }),
    ...(answerableBy !== undefined && {
      $or: [{ users: answerableBy.userId }, { roles: answerableBy.role }],
      forbidden_users: { $ne: answerableBy.userId },
    }),
  };
}

function documentOf({ token, approvers, ...rest }: Approval): ApprovalDocument {
  return { _id: token, ...rest, roles: approvers.roles, users: approvers.users };
}

function approvalOf({ _id, roles, users, ...rest }: ApprovalDocument): Approval {
  return { token: _id, ...rest, approvers: { roles, users } };
}
