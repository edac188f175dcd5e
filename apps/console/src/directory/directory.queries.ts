import { queryOptions, type QueryKey } from '@tanstack/react-query';
import type { paths } from '../shared/api-types.ts';
import { api, dataOf } from '../shared/client.ts';
import type { AnyRecord } from './field-values.ts';
import type { DirectorySearch } from './directory-search.ts';
import type { Kind } from './kinds.ts';

type Body<Path extends keyof paths, Method extends 'post' | 'put'> = paths[Path] extends {
  [Name in Method]: { requestBody: { content: { 'application/json': infer Json } } };
}
  ? Json
  : never;

export interface ShownRecord {
  kind: string;
  id: string;
  version: string;
  writable: boolean;
  record: AnyRecord;
}

export interface RecordPage {
  records: { id: string; record: AnyRecord }[];
  next_cursor: string | null;
}

export function recordsQuery(kind: Kind, { search, cursor }: DirectorySearch) {
  const query = { ...(search !== undefined && { search }), ...(cursor !== undefined && { cursor }) };
  return queryOptions({
    queryKey: ['directory', kind, query],
    queryFn: async (): Promise<RecordPage> =>
      dataOf(api.GET('/api/workflow/directory/{kind}', { params: { path: { kind }, query } })),
  });
}

export function recordQuery(kind: Kind, id: string) {
  return queryOptions({ queryKey: ['directory', kind, 'record', id], queryFn: () => readRecord(kind, id) });
}

export async function readRecord(kind: Kind, id: string): Promise<ShownRecord> {
  return dataOf(api.GET('/api/workflow/directory/{kind}/{id}', { params: { path: { kind, id } } }));
}

/** What the lists and pages of a kind show is read anew. */
export const changesOf = (kind: Kind): QueryKey[] => [['directory', kind]];

/** Fields are read by the server, which says where one is wrong. */
export async function addRecord(kind: Kind, record: AnyRecord): Promise<ShownRecord> {
  const body = { kind, record } as unknown as Body<'/api/workflow/directory', 'post'>;
  return dataOf(api.POST('/api/workflow/directory', { body }));
}

export async function replaceRecord(kind: Kind, id: string, record: AnyRecord, version: string): Promise<ShownRecord> {
  const body = { kind, record, version } as unknown as Body<'/api/workflow/directory/{kind}/{id}', 'put'>;
  return dataOf(api.PUT('/api/workflow/directory/{kind}/{id}', { params: { path: { kind, id } }, body }));
}

export async function previewTemplate(template: AnyRecord, eventId: string) {
  const body = { template, ...(eventId !== '' && { event_id: eventId }) } as unknown as Body<
    '/api/workflow/directory/templates/preview',
    'post'
  >;
  return (await dataOf(api.POST('/api/workflow/directory/templates/preview', { body }))).preview;
}

export type TemplatePreview = Awaited<ReturnType<typeof previewTemplate>>;
