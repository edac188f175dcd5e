/** The small collections of the directory: `groups`, `managers`, `teams`, `desks`, `statuses`. */
import { Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import type { Desk } from '#libs/domain/directory/directory.ts';
import { Mixed, nullable, optional, required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';
import { storeKey, storeValue } from '../mongo/storable-text.ts';

/** `_id` = name, hashed when very long. */
const groups = Schema.create({ _id: required(String), name: required(String), brand: nullable(String) }, schemaOptions);

/** `_id` = id. */
const managers = Schema.create(
  {
    _id: required(Number),
    id: required(Number),
    name: required(String),
    email: optional(String),
    enabled: required(Boolean),
    brands: optional([String]),
    roles: optional([String]),
  },
  schemaOptions,
);

/** `_id` = id. */
const teams = Schema.create(
  {
    _id: required(String),
    id: required(String),
    name: required(String),
    parent_id: optional(String),
    agent_ids: optional([Number]),
  },
  schemaOptions,
);

/** `_id` = code and brand. */
const desks = Schema.create(
  {
    _id: required(String),
    code: required(String),
    name: required(String),
    team_id: optional(String),
    manager_id: optional(Number),
    brand: optional(String),
  },
  schemaOptions,
);

/** `_id` = id, a number or a text as the broker's statuses table has it. */
const statuses = Schema.create(
  {
    _id: required<string | number>(Mixed),
    id: required<string | number>(Mixed),
    type: required(String),
    code: required(String),
    label: optional(String),
    brand: optional(String),
  },
  schemaOptions,
);
statuses.index({ type: 1, code: 1 });

export type ManagerDocument = InferRawDocTypeFromSchema<typeof managers>;
type DeskDocument = InferRawDocTypeFromSchema<typeof desks>;

export const groupModel = defineModel('groups', groups);
export const managerModel = defineModel('managers', managers);
export const teamModel = defineModel('teams', teams);
export const deskModel = defineModel('desks', desks);
export const statusModel = defineModel('statuses', statuses);

export function deskKey(code: string, brand: string | null): string {
  return storeKey(JSON.stringify([code, brand]));
}

export function toDeskDocument(desk: Desk): DeskDocument {
  return storeValue({ _id: deskKey(desk.code, desk.brand ?? null), ...desk });
}
