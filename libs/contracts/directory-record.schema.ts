/** Requests about single records of the directory. */
import { z } from 'zod';
import { directoryKinds, type DirectoryKind } from '#libs/domain/directory/directory-data.ts';
import { isJsonObject } from '#libs/domain/json/json-object.ts';
import { recordSchemas } from './directory.schema.ts';
import { page, text } from './list-query.schema.ts';
import { endpointDraftSchema, templateSchema } from './outbound.schema.ts';

/** As they are sent. */
const drafts = {
  groups: recordSchemas.groups.meta({ id: 'DirectoryGroupDraft' }),
  accounts: recordSchemas.accounts.meta({ id: 'DirectoryAccountDraft' }),
  customers: recordSchemas.customers.meta({ id: 'DirectoryCustomerDraft' }),
  managers: recordSchemas.managers.meta({ id: 'DirectoryManagerDraft' }),
  teams: recordSchemas.teams.meta({ id: 'DirectoryTeamDraft' }),
  desks: recordSchemas.desks.meta({ id: 'DirectoryDeskDraft' }),
  statuses: recordSchemas.statuses.meta({ id: 'DirectoryStatusDraft' }),
  templates: templateSchema.meta({ id: 'DirectoryTemplateDraft' }),
  endpoints: endpointDraftSchema.meta({ id: 'DirectoryEndpointDraft' }),
  users: recordSchemas.users.meta({ id: 'DirectoryUserDraft' }),
  user_groups: recordSchemas.user_groups.meta({ id: 'DirectoryUserGroupDraft' }),
} as const satisfies Record<DirectoryKind, z.ZodType>;

const added = <Kind extends DirectoryKind>(kind: Kind) =>
  z.strictObject({ kind: z.literal(kind), record: drafts[kind] });

const version = z
  .string()
  .regex(/^[0-9a-f]{32}$/, 'must be the version of the record as it was read')
  .meta({ description: 'Of the record as it was read' });

const replaced = <Kind extends DirectoryKind>(kind: Kind) =>
  z.strictObject({ kind: z.literal(kind), record: drafts[kind], version });

const kindIssue = {
  error: (issue: { code?: string }) =>
    issue.code === 'invalid_union' ? `must be one of ${directoryKinds.join(', ')}` : undefined,
};

/** A union tells an unknown kind alone: other unknown members are to be told, too. */
const of =
  (...names: string[]) =>
  (body: unknown, context: z.core.$RefinementCtx): unknown => {
    if (!isJsonObject(body)) return body;
    const keys = Object.keys(body).filter((name) => !names.includes(name));
    if (keys.length > 0) context.addIssue({ code: 'unrecognized_keys', keys, input: body });
    return body;
  };

const desk = { kind: 'desks', record: { code: 'vip', name: 'VIP', team_id: 'vip', brand: 'alpha' } };

export const addRecordBody = z
  .preprocess(
    of('kind', 'record'),
    z.discriminatedUnion(
      'kind',
      [
        added('groups'),
        added('accounts'),
        added('customers'),
        added('managers'),
        added('teams'),
        added('desks'),
        added('statuses'),
        added('templates'),
        added('endpoints'),
        added('users'),
        added('user_groups'),
      ],
      kindIssue,
    ),
  )
  .meta({ examples: [desk] });

export const replaceRecordBody = z
  .preprocess(
    of('kind', 'record', 'version'),
    z.discriminatedUnion(
      'kind',
      [
        replaced('groups'),
        replaced('accounts'),
        replaced('customers'),
        replaced('managers'),
        replaced('teams'),
        replaced('desks'),
        replaced('statuses'),
        replaced('templates'),
        replaced('endpoints'),
        replaced('users'),
        replaced('user_groups'),
      ],
      kindIssue,
    ),
  )
  .meta({ examples: [{ ...desk, version: '0123456789abcdef0123456789abcdef' }] });

export const recordsQuery = z.strictObject({
  /** Part of an id or a name; of accounts and customers the whole id. */
  search: text.max(200, 'must not be longer than 200 characters').optional(),
  ...page,
});

export const templatePreviewBody = z
  .strictObject({
    template: drafts.templates,
    /** Whose data the template is filled with; left out: data of no customer. */
    event_id: text.optional(),
  })
  .meta({ examples: [{ template: { code: 'welcome', channel: 'sms', text: 'Hello {{ customer.id }}' } }] });

export type AddRecordBody = z.output<typeof addRecordBody>;
export type ReplaceRecordBody = z.output<typeof replaceRecordBody>;
export type RecordsQuery = z.output<typeof recordsQuery>;
export type TemplatePreviewBody = z.output<typeof templatePreviewBody>;
export type RecordDraft<Kind extends DirectoryKind> = z.output<(typeof drafts)[Kind]>;
