/** `approvals`: the inbox of questions that runs put to people, `_id` = correlation token. */
import { Schema, type Connection, type InferRawDocTypeFromSchema, type QueryFilter } from 'mongoose';
import type {
  Approval,
  ApprovalAnswer,
  ApprovalException,
  ApprovalFilter,
  ApprovalReassignment,
  ApprovalState,
  ExceptionType,
  Person,
} from '#libs/domain/approvals/approval.ts';
import { writeJson } from '#libs/domain/json/stringify-json.ts';
import { countUpTo, type BoundedCount } from '../mongo/bounded-count.ts';
import { findById, putDocument, upsertOver } from '../mongo/by-id.ts';
import { Mixed, nullable, optional, required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';
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
  /**
   * Those that are open, the soonest due first and behind them what is never due, the oldest first.
   * @throws InvalidInputError for a wrong cursor
   */
  listDue(filter?: Omit<ApprovalFilter, 'state'>, page?: PageRequest): Promise<Page<Approval>>;
  /** Counts no further than `most`. */
  count(filter: ApprovalFilter, most: number): Promise<BoundedCount>;
  /** The open one that was asked first. @param tenants the only brands; left out: all */
  oldestOpen(tenants?: string[]): Promise<Approval | null>;
  /** Closes what a run left open that could not do it itself. @param at ISO 8601 UTC */
  cancelOpen(runId: string, at: string): Promise<void>;
}

/** `data` is JSON text: people name its members, and the stores take neither every name nor lists within lists. */
type AnswerDocument = Omit<ApprovalAnswer, 'data'> & { data: string | null };

const schema = Schema.create(
  {
    _id: required(String),
    run_id: required(String),
    request_number: optional(Number),
    rule_id: required(String),
    rule_name: required(String),
    action: required(Number),
    event_id: required(String),
    tenant: nullable(String),
    customer_id: nullable(String),
    login: nullable(Number),
    title: required(String),
    message: nullable(String),
    roles: required([String]),
    users: required([String]),
    required: required(Number),
    forbidden_users: required([String]),
    state: required<ApprovalState>(String),
    answers: required<AnswerDocument[]>([Mixed]),
    reassignments: required<ApprovalReassignment[]>([Mixed]),
    exceptions: optional<ExceptionType[]>([String]),
    exception: optional<ApprovalException>(Mixed),
    asked_at: required(String),
    expires_at: nullable(String),
    closed_at: nullable(String),
    reset: optional(String),
  },
  schemaOptions,
);
type ApprovalDocument = InferRawDocTypeFromSchema<typeof schema>;
schema.index({ state: 1, asked_at: -1, _id: -1 });
schema.index({ asked_at: -1, _id: -1 });
schema.index({ tenant: 1, asked_at: -1, _id: -1 });
schema.index({ run_id: 1, asked_at: -1, _id: -1 });
schema.index({ state: 1, expires_at: 1, asked_at: 1, _id: 1 });

export const newestAskedFirst = { asked_at: -1, _id: -1 } as const;
export const dueFirst = { expires_at: 1, asked_at: 1, _id: 1 } as const;
export const oldestAskedFirst = { asked_at: 1, _id: 1 } as const;
/** Begins the cursors of those that are never due: the stores sort null first. */
const neverDue = 'never.';

export const approvalModel = defineModel('approvals', schema);

export function createApprovals(connection: Connection): ApprovalRepository {
  const approvals = approvalModel(connection);

  return guarded<ApprovalRepository>({
    async put(approval) {
      const document = storeValue(toDocument(approval));
      // False when it is there and closed by the run that asks.
      const { _id, reset } = document;
      const ours =
        reset === undefined ? { closed_at: null } : { $or: [{ closed_at: null }, { reset: { $ne: reset } }] };
      await upsertOver(approvals, { _id, ...ours }, (open) => putDocument(approvals, document, open));
    },

    async close(token, state, at) {
      await approvals.updateOne({ _id: storeText(token), closed_at: null }, { $set: { state, closed_at: at } });
    },

    async get(token) {
      const document = await findById(approvals, storeText(token));
      return document && toApproval(document);
    },

    async list(filter = {}, page = {}) {
      const query = {
        filter: buildApprovalsQuery(filter),
        sort: newestAskedFirst,
        types: ['string', 'string'],
      } as const;
      const { items, nextCursor } = await readPage(approvals, query, page);
      return { items: items.map(toApproval), nextCursor };
    },

    async listDue(filter = {}, { cursor, limit = 50 } = {}) {
      const open = buildApprovalsQuery({ ...filter, state: 'open' });
      const due: Page<ApprovalDocument> = cursor?.startsWith(neverDue)
        ? { items: [], nextCursor: null }
        : await readPage(
            approvals,
            { filter: { ...open, expires_at: { $gt: '' } }, sort: dueFirst, types: ['string', 'string', 'string'] },
            { limit, ...(cursor !== undefined && { cursor }) },
          );
      if (due.nextCursor !== null) return { items: due.items.map(toApproval), nextCursor: due.nextCursor };
      const rest = limit - due.items.length;
      const from = cursor?.startsWith(neverDue) ? cursor.slice(neverDue.length) : '';
      const never = await readPage(
        approvals,
        { filter: { ...open, expires_at: null }, sort: oldestAskedFirst, types: ['string', 'string'] },
        // One at least, to know whether there are any.
        { limit: Math.max(rest, 1), ...(from !== '' && { cursor: from }) },
      );
      const items = [...due.items, ...never.items.slice(0, rest)].map(toApproval);
      if (rest === 0) return { items, nextCursor: never.items.length === 0 ? null : neverDue };
      return { items, nextCursor: never.nextCursor === null ? null : `${neverDue}${never.nextCursor}` };
    },

    count: (filter, most) => countUpTo(approvals, buildApprovalsQuery(filter), most),

    async oldestOpen(tenants) {
      const filter = buildApprovalsQuery({ state: 'open', ...(tenants !== undefined && { tenants }) });
      const [oldest] = await approvals.find(filter).sort({ asked_at: 1, _id: 1 }).limit(1).lean();
      return oldest === undefined ? null : toApproval(oldest);
    },

    async cancelOpen(runId, at) {
      const open = await approvals.find({ run_id: storeText(runId), state: 'open' }, { _id: 1 }).lean();
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
