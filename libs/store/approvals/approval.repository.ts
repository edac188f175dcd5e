/** `approvals`: the inbox of questions that runs put to people, `_id` = correlation token. */
import { Schema, type Connection, type Model, type QueryFilter } from 'mongoose';
import type {
  Approval,
  ApprovalAnswer,
  ApprovalFilter,
  ApprovalState,
  Person,
} from '#libs/domain/approvals/approval.ts';
import { writeJson } from '#libs/domain/json/stringify-json.ts';
import { upsertOver } from '../mongo/by-id.ts';
import { collectionFor, buildModel, schemaOptions } from '../mongo/model.ts';
import { readPage, type Page, type PageRequest } from '../mongo/keyset-page.ts';
import { guarded } from '../mongo/store-error.ts';
import { storeText, storeValue } from '../mongo/storable-text.ts';

export interface ApprovalRepository {
  /** Writes it whole. Idempotent; once it is closed nothing changes any more (an attempt may arrive late). */
  put(approval: Approval): Promise<void>;
  /** Closes one whatever it holds; nothing changes in one that is closed. @param at ISO 8601 UTC */
  close(token: string, state: Exclude<ApprovalState, 'open'>, at: string): Promise<void>;
  get(token: string): Promise<Approval | null>;
  /** Newest first. @throws InvalidInputError for a wrong cursor */
  list(filter?: ApprovalFilter, page?: PageRequest): Promise<Page<Approval>>;
  /** Closes what a run left open that could not do it itself. @param at ISO 8601 UTC */
  cancelOpen(runId: string, at: string): Promise<void>;
}

/** `data` is JSON text: people name its members, and the stores take neither every name nor lists within lists. */
type AnswerDocument = Omit<ApprovalAnswer, 'data'> & { data: string | null };

type ApprovalDocument = Omit<Approval, 'token' | 'approvers' | 'answers'> & {
  _id: string;
  roles: string[];
  users: string[];
  answers: AnswerDocument[];
};

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
    reset: text,
  },
  schemaOptions,
);
schema.index({ state: 1, asked_at: -1, _id: -1 });
schema.index({ asked_at: -1, _id: -1 });
schema.index({ tenant: 1, asked_at: -1, _id: -1 });
schema.index({ run_id: 1, asked_at: -1, _id: -1 });

export const newestAskedFirst = { asked_at: -1, _id: -1 } as const;

export function approvalModel(connection: Connection): Model<ApprovalDocument> {
  return buildModel(connection, 'approvals', schema);
}

export function createApprovals(connection: Connection): ApprovalRepository {
  const model = approvalModel(connection);
  const approvals = collectionFor(model);

  return guarded<ApprovalRepository>({
    async put(approval) {
      const { _id, ...document } = toDocument(approval);
      // False when it is there and closed by the run that asks.
      const { reset } = document;
      const ours =
        reset === undefined ? { closed_at: null } : { $or: [{ closed_at: null }, { reset: { $ne: reset } }] };
      await upsertOver(approvals, { _id, ...ours }, (open) =>
        approvals.replaceOne(open, storeValue(document), { upsert: true }),
      );
    },

    async close(token, state, at) {
      await approvals.updateOne({ _id: storeText(token), closed_at: null }, { $set: { state, closed_at: at } });
    },

    async get(token) {
      const document = await approvals.findOne({ _id: storeText(token) });
      return document && toApproval(document);
    },

    async list(filter = {}, page = {}) {
      const query = {
        filter: buildApprovalsQuery(filter),
        sort: newestAskedFirst,
        types: ['string', 'string'],
      } as const;
      const { items, nextCursor } = await readPage(model, query, page);
      return { items: items.map(toApproval), nextCursor };
    },

    async cancelOpen(runId, at) {
      const open = await approvals.find({ run_id: storeText(runId), state: 'open' }).toArray();
      for (const { _id } of open) {
        await approvals.updateOne({ _id, closed_at: null }, { $set: { state: 'cancelled', closed_at: at } });
      }
    },
  });
}

export function buildApprovalsQuery({
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
      $or: [{ users: { $in: toNames(answerableBy) } }, { roles: answerableBy.role }],
      forbidden_users: { $nin: toNames(answerableBy) },
    }),
  };
}

function toNames({ userId, names = [] }: Person): string[] {
  return [...new Set([userId, ...names])];
}

function toDocument({ token, approvers, answers, ...rest }: Approval): ApprovalDocument {
  const { roles, users } = approvers;
  return {
    _id: token,
    ...rest,
    roles,
    users,
    answers: answers.map((answer) => ({ ...answer, data: answer.data === null ? null : writeJson(answer.data) })),
  };
}

function toApproval({ _id, roles, users, answers, reset: _reset, ...rest }: ApprovalDocument): Approval {
  return { token: _id, ...rest, answers: answers.map(toAnswer), approvers: { roles, users } };
}

function toAnswer({ data, ...answer }: AnswerDocument): ApprovalAnswer {
  return { ...answer, data: data === null ? null : (JSON.parse(data) as ApprovalAnswer['data']) };
}
