/** A directory file: lists of groups, accounts, customers, managers, users and so on. */
import { z } from 'zod';
import type { Problem } from '#libs/domain/errors/errors.ts';
import { statusField } from '#libs/domain/context/fields.ts';
import { isJsonObject } from '#libs/domain/json/json-object.ts';
import { managerRoles } from './session.schema.ts';
import { readBy, type Read } from './schema-problems.ts';
import { recordProblems } from './storable.ts';
import { endpointSchema, templateSchema } from './outbound.schema.ts';
import { userGroupSchema, userSchema } from './user.schema.ts';

const text = z.string().min(1, 'must not be empty').max(1024, 'must not be longer than 1024 characters');
const id = text.max(200, 'must not be longer than 200 characters');
const wholeNumber = z.int('must be a whole number').min(0, 'must not be negative');
const login = wholeNumber.min(1, 'must be the number of an account');
const statusId = z.union([wholeNumber, id], { error: 'must be a text or a whole number' });
const list = <Item extends z.ZodType>(item: Item) => z.array(item).default([]);

const group = z.strictObject({ name: id, brand: id.nullable() });

/** Further fields are kept: rules may not read them; readers of the record can. */
const account = z.looseObject({
  login,
  group: id,
  name: z.string().optional(),
  email: z.string().optional(),
  country: z.string().optional(),
  enable: z.boolean().optional(),
  leverage: z.number().optional(),
  customer_id: id.optional(),
  frozen: z.boolean().optional(),
  frozen_reason: z.string().optional(),
  frozen_at: z.string().optional(),
});

const customer = z.looseObject({
  id,
  country: z.string().optional(),
  language: z.string().optional(),
  email: z.string().optional(),
  phone: z.string().optional(),
  kyc_status: z.string().optional(),
  kyc_status_id: statusId.optional(),
  kyc_current_level: wholeNumber.optional(),
  risk_level: z.union([z.string(), z.number()], { error: 'must be a text or a number' }).optional(),
  sales_status: z.string().optional(),
  sales_status_id: statusId.optional(),
  retention_status: z.string().optional(),
  active: z.boolean().optional(),
  assigned_manager_id: wholeNumber.optional(),
  team_id: id.nullable().optional(),
  desk: id.nullable().optional(),
  manager_id: wholeNumber.optional(),
  brand: id.optional(),
  logins: z.array(login).optional(),
});

// 0 means "no manager in particular" where a rule names one.
const managerId = wholeNumber.min(1, 'must be 1 or greater');

const manager = z.strictObject({
  id: managerId,
  name: text,
  email: z.string().optional(),
  enabled: z.boolean().default(true),
  brands: z.array(id).optional(),
  roles: z.array(z.enum(managerRoles, { error: `must be one of ${managerRoles.join(', ')}` })).optional(),
});

const team = z.strictObject({
  id,
  name: text,
  parent_id: id.optional(),
  agent_ids: z.array(wholeNumber).optional(),
});

const desk = z
  .strictObject({
    code: id,
    name: text,
    team_id: id.optional(),
    manager_id: managerId.optional(),
    brand: id.optional(),
  })
  .refine(({ team_id, manager_id }) => (team_id === undefined) !== (manager_id === undefined), {
    error: 'must have either team_id or manager_id',
  });

const status = z.strictObject({
  id: statusId,
  type: id.refine((type) => statusField(type) !== null, {
    error: 'must be a name without blanks and dots, such as vip_level: rules read it as customer.vip_level_status_id',
  }),
  code: id,
  label: z.string().optional(),
  brand: id.optional(),
});

/** A record of each kind. */
export const recordSchemas = {
  groups: group,
  accounts: account,
  customers: customer,
  managers: manager,
  teams: team,
  desks: desk,
  statuses: status,
  templates: templateSchema,
  endpoints: endpointSchema,
  users: userSchema,
  user_groups: userGroupSchema,
} as const;

const directoryFile = z.strictObject({
  groups: list(group),
  accounts: list(account),
  customers: list(customer),
  managers: list(manager),
  teams: list(team),
  desks: list(desk),
  statuses: list(status),
  templates: list(templateSchema),
  endpoints: list(endpointSchema),
  users: list(userSchema),
  user_groups: list(userGroupSchema),
});

export type DirectoryFile = z.output<typeof directoryFile>;

/** @returns the file's records, or every issue with its place, e.g. `accounts[3].login` */
export function readDirectoryFile(input: unknown): Read<typeof directoryFile> {
  const read = readBy(directoryFile, input);
  const told = new Set(read.problems.map(({ path }) => path));
  const problems = [...read.problems, ...unstorable(input).filter(({ path }) => !told.has(path))];
  return problems.length > 0 ? { data: null, problems } : read;
}

/** Of the records in all lists; whatever is no list is for the schema to refuse. */
function unstorable(input: unknown): Problem[] {
  if (!isJsonObject(input)) return [];
  return Object.keys(directoryFile.shape).flatMap((kind) => {
    const records = input[kind];
    return Array.isArray(records) ? records.flatMap((one, index) => recordProblems(one, `${kind}[${index}]`)) : [];
  });
}
