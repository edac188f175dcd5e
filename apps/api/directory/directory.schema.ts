/** Records of the directory as the API answers with them; secrets of endpoints are never shown. */
import { z } from 'zod';
import { managerRoles } from '#libs/contracts/session.schema.ts';
import { groupRights } from '#libs/domain/directory/directory-user.ts';
import { channels } from '#libs/domain/directory/outbound.ts';
import type { DirectoryKind } from '#libs/domain/directory/directory-data.ts';
import { nextCursor } from '../openapi/shared.schema.ts';

const brand = z.string().optional().meta({ description: 'Left out: for every brand' });
const brands = z.array(z.string()).optional().meta({ description: 'The only ones; left out: all' });
const statusId = z.union([z.string(), z.number()]);

const group = z
  .object({ name: z.string(), brand: z.string().nullable().meta({ description: 'Null: rules run for none' }) })
  .meta({ id: 'DirectoryGroup' });

const account = z
  .looseObject({
    login: z.int(),
    group: z.string(),
    name: z.string().optional(),
    email: z.string().optional(),
    country: z.string().optional(),
    enable: z.boolean().optional(),
    leverage: z.number().optional(),
    customer_id: z.string().optional(),
    frozen: z.boolean().optional(),
    frozen_reason: z.string().optional(),
    frozen_at: z.string().optional(),
  })
  .meta({ id: 'DirectoryAccount', description: 'The trading platform may say more of it, which stands beside these' });

const customer = z
  .looseObject({
    id: z.string(),
    country: z.string().optional(),
    language: z.string().optional(),
    email: z.string().optional(),
    kyc_status: z.string().optional(),
    kyc_status_id: statusId.optional(),
    kyc_current_level: z.number().optional(),
    risk_level: statusId.optional(),
    sales_status: z.string().optional(),
    sales_status_id: statusId.optional(),
    retention_status: z.string().optional(),
    active: z.boolean().optional(),
    assigned_manager_id: z.number().optional(),
    team_id: z.string().nullable().optional(),
    desk: z.string().nullable().optional(),
    manager_id: z.number().optional(),
    brand: z.string().optional(),
  })
  .meta({
    id: 'DirectoryCustomer',
    description: 'Events and files may say more of the customer, which stands beside these',
  });

const manager = z
  .object({
    id: z.int(),
    name: z.string(),
    email: z.string().optional(),
    enabled: z.boolean(),
    brands,
    roles: z
      .array(z.string())
      .optional()
      .meta({ description: `Of ${managerRoles.join(', ')}` }),
  })
  .meta({ id: 'DirectoryManager' });

const team = z
  .object({
    id: z.string(),
    name: z.string(),
    parent_id: z.string().optional(),
    agent_ids: z.array(z.int()).optional(),
  })
  .meta({ id: 'DirectoryTeam' });

const desk = z
  .object({
    code: z.string(),
    name: z.string(),
    team_id: z.string().optional(),
    manager_id: z.int().optional(),
    brand,
  })
  .meta({ id: 'DirectoryDesk' });

const status = z
  .object({ id: statusId, type: z.string(), code: z.string(), label: z.string().optional(), brand })
  .meta({ id: 'DirectoryStatus' });

const templateFields = {
  code: z.string(),
  channel: z.enum(channels),
  language: z.string().optional().meta({ description: 'Left out: for any' }),
  subject: z.string().optional(),
  brand,
};
const listedTemplate = z.object(templateFields).meta({ id: 'ListedDirectoryTemplate' });
const template = z
  .object({ ...templateFields, html: z.string().optional(), text: z.string().optional() })
  .meta({ id: 'DirectoryTemplate' });

const endpoint = z
  .object({
    name: z.string(),
    url: z.string().meta({ description: 'Its host alone: the rest may be secret' }),
    headers: z.array(z.string()).meta({ description: 'Names of the headers; their values are never shown' }),
    body: z.string().optional(),
    signed: z.boolean().meta({ description: 'Whether there is a secret that calls are signed with' }),
    brand,
  })
  .meta({ id: 'DirectoryEndpoint' });

const user = z
  .object({
    id: z.int(),
    username: z.string(),
    name: z.string().optional(),
    email: z.string().optional(),
    enabled: z.boolean(),
    brands,
    role: z.string().optional(),
    delegates: z.array(z.string()).optional(),
  })
  .meta({ id: 'DirectoryUser' });

const userGroup = z
  .object({
    code: z.string(),
    name: z.string(),
    right: z.enum(groupRights),
    folders: z.array(z.string()).optional(),
    may_cancel: z.boolean().optional(),
    users: z.array(z.string()),
  })
  .meta({ id: 'DirectoryUserGroup' });

const id = z.string().meta({ description: 'By which an address names the record' });

const single = <Kind extends DirectoryKind, View extends z.ZodType>(kind: Kind, record: View) =>
  z.object({
    kind: z.literal(kind),
    id,
    version: z.string().meta({ description: 'Another one whenever the record is another' }),
    writable: z.boolean().meta({ description: 'Whether this session may change it' }),
    record,
  });

const listed = <Kind extends DirectoryKind, View extends z.ZodType>(kind: Kind, record: View) =>
  z.object({ kind: z.literal(kind), records: z.array(z.object({ id, record })), next_cursor: nextCursor });

export const recordAnswer = z.discriminatedUnion('kind', [
  single('groups', group),
  single('accounts', account),
  single('customers', customer),
  single('managers', manager),
  single('teams', team),
  single('desks', desk),
  single('statuses', status),
  single('templates', template),
  single('endpoints', endpoint),
  single('users', user),
  single('user_groups', userGroup),
]);

export const recordsAnswer = z.discriminatedUnion('kind', [
  listed('groups', group),
  listed('accounts', account),
  listed('customers', customer),
  listed('managers', manager),
  listed('teams', team),
  listed('desks', desk),
  listed('statuses', status),
  listed('templates', listedTemplate),
  listed('endpoints', endpoint),
  listed('users', user),
  listed('user_groups', userGroup),
]);

const sms = z.object({
  text: z.string(),
  encoding: z.enum(['gsm', 'unicode']),
  units: z.int().meta({ description: 'Of the encoding' }),
  parts: z.int().meta({ description: 'Messages that it is sent as' }),
});

export const templatePreviewAnswer = z.object({
  preview: z
    .object({
      mail: z.object({ subject: z.string(), html: z.string(), text: z.string() }).nullable(),
      sms: sms.nullable(),
    })
    .meta({ id: 'TemplatePreview' }),
});

export type RecordAnswer = z.output<typeof recordAnswer>;
export type RecordsAnswer = z.output<typeof recordsAnswer>;
export type EndpointView = z.output<typeof endpoint>;
export type TemplatePreview = z.output<typeof templatePreviewAnswer>['preview'];
