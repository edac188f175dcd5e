/** The small collections of the directory: `groups`, `managers`, `teams`, `desks`, `statuses`. */
import { Schema, type Connection, type Model } from 'mongoose';
import type { Desk, Manager, Status, Team, TradingGroup } from '#libs/domain/directory/directory.ts';
import { buildModel, schemaOptions } from '../mongo/model.ts';
import { storeKey, storeValue } from '../mongo/storable-text.ts';

/** `_id` = name, hashed when very long. */
export type GroupDocument = TradingGroup & { _id: string };
/** `_id` = id. */
export type ManagerDocument = Manager & { _id: number };
/** `_id` = id. */
export type TeamDocument = Team & { _id: string };
/** `_id` = code and brand. */
export type DeskDocument = Desk & { _id: string };
/** `_id` = id, a number or a text as the broker's statuses table has it. */
export type StatusDocument = Status & { _id: string | number };

const text = { type: String };
const required = { type: String, required: true };

const groups = new Schema<GroupDocument>({ _id: required, name: required, brand: text }, schemaOptions);

const managers = new Schema<ManagerDocument>(
  {
    _id: { type: Number, required: true },
    id: { type: Number, required: true },
    name: required,
    email: text,
    enabled: { type: Boolean, required: true },
    brands: { type: [String], default: undefined },
    roles: { type: [String], default: undefined },
  },
  schemaOptions,
);

const teams = new Schema<TeamDocument>(
  { _id: required, id: required, name: required, parent_id: text, agent_ids: { type: [Number], default: undefined } },
  schemaOptions,
);

const desks = new Schema<DeskDocument>(
  { _id: required, code: required, name: required, team_id: text, manager_id: Number, brand: text },
  schemaOptions,
);

const statuses = new Schema<StatusDocument>(
  {
    _id: { type: Schema.Types.Mixed, required: true },
    id: { type: Schema.Types.Mixed, required: true },
    type: { type: String, required: true },
    code: required,
    label: text,
    brand: text,
  },
  schemaOptions,
);
statuses.index({ type: 1, code: 1 });

export function groupModel(connection: Connection): Model<GroupDocument> {
  return buildModel(connection, 'groups', groups);
}
export function managerModel(connection: Connection): Model<ManagerDocument> {
  return buildModel(connection, 'managers', managers);
}
export function teamModel(connection: Connection): Model<TeamDocument> {
  return buildModel(connection, 'teams', teams);
}
export function deskModel(connection: Connection): Model<DeskDocument> {
  return buildModel(connection, 'desks', desks);
}
export function statusModel(connection: Connection): Model<StatusDocument> {
  return buildModel(connection, 'statuses', statuses);
}

export function deskKey(code: string, brand: string | null): string {
  return storeKey(JSON.stringify([code, brand]));
}

export function toDeskDocument(desk: Desk): DeskDocument {
  return storeValue({ _id: deskKey(desk.code, desk.brand ?? null), ...desk });
}
