/** The directory in the name of a session. */
import type { AddRecordBody, RecordsQuery, ReplaceRecordBody } from '#libs/contracts/directory-record.schema.ts';
import { directoryKinds, type DirectoryKind, type DirectoryRecord } from '#libs/domain/directory/directory-data.ts';
import type { Endpoint } from '#libs/domain/directory/outbound.ts';
import { recordId } from '#libs/domain/directory/record-id.ts';
import { InvalidInputError } from '#libs/domain/errors/errors.ts';
import type { ProblemCode } from '#libs/domain/errors/problem-codes.ts';
import { DirectoryAccess, type AccessDirectory } from '#libs/directory/directory-access.ts';
import type { DirectoryEditor } from '#libs/directory/directory-editor.ts';
import type { DirectoryLists } from '#libs/directory/directory-lists.ts';
import { maskEndpoint } from '#libs/store/directory/mask-endpoint.ts';
import type { StoredRecord } from '#libs/store/directory/record.store.ts';
import type { Session } from '../auth/authenticate.ts';
import { administratorOf } from '../hooks/applications.service.ts';
import { ApiError } from '../http/api.error.ts';
import type { EndpointView, RecordAnswer, RecordsAnswer } from './directory.schema.ts';

/** In whose name incoming webhooks act, and their rights: as the list of these users, for administrators of all brands. */
const forAdministrators: readonly DirectoryKind[] = ['users', 'user_groups'];

export class DirectoryService {
  readonly #lists: DirectoryLists;
  readonly #editor: DirectoryEditor;
  readonly #access: DirectoryAccess;

  constructor(directory: AccessDirectory, lists: DirectoryLists, editor: DirectoryEditor) {
    this.#lists = lists;
    this.#editor = editor;
    this.#access = new DirectoryAccess(directory);
  }

  /** @throws ApiError 404 `not_found`, 403 `access_denied`; InvalidInputError for a wrong cursor */
  async list(session: Session, kind: string, { search, cursor, limit }: RecordsQuery): Promise<RecordsAnswer> {
    const known = readKind(session, kind);
    const request = { limit, ...(search !== undefined && { search }), ...(cursor !== undefined && { cursor }) };
    const { items, nextCursor } = await this.#lists.list(session.brands, known, request);
    const records = items.map((record) => ({ id: recordId(known, record), record: toView(known, record) }));
    return { kind: known, records, next_cursor: nextCursor } as RecordsAnswer;
  }

  /** @throws ApiError 404 `not_found`, 403 `access_denied`; PermanentError `record_not_found` */
  async get(session: Session, kind: string, id: string): Promise<RecordAnswer> {
    const known = readKind(session, kind);
    return this.#answer(session, known, await this.#lists.get(session.brands, known, id));
  }

  /** @throws ApiError 422 `invalid_body`; what `DirectoryEditor.put` throws */
  async add(session: Session, { kind, record }: AddRecordBody): Promise<RecordAnswer> {
    readKind(session, kind);
    const { userId: by, brands } = session;
    const stored = await this.#editor.put({ by, brands }, kind, record, null).catch(toInvalidBody);
    return this.#answer(session, kind, stored);
  }

  /** @throws ApiError 422 `invalid_body`; what `DirectoryEditor.put` throws */
  async replace(
    session: Session,
    kind: string,
    id: string,
    { kind: given, record, version }: ReplaceRecordBody,
  ): Promise<RecordAnswer> {
    const known = readKind(session, kind);
    // Before the body is looked at: what is not seen must not differ from what is not there.
    await this.#lists.get(session.brands, known, id);
    if (given !== known) throw invalid('kind', 'wrong_value', `is ${given}, and the address says ${known}`);
    if (recordId(known, record as DirectoryRecord<DirectoryKind>) !== id) {
      throw invalid('record', 'wrong_value', 'is told by something else than the address says: add it as another one');
    }
    const { userId: by, brands } = session;
    const stored = await this.#editor.put({ by, brands }, known, record, version).catch(toInvalidBody);
    return this.#answer(session, known, stored);
  }

  async #answer<Kind extends DirectoryKind>(
    session: Session,
    kind: Kind,
    { record, version }: StoredRecord<DirectoryRecord<Kind>>,
  ): Promise<RecordAnswer> {
    const isAdmin = session.role === 'SESSION_ADMIN';
    const writable = isAdmin && (await this.#access.objection(session.brands, kind, record)) === null;
    return { kind, id: recordId(kind, record), version, writable, record: toView(kind, record) } as RecordAnswer;
  }
}

function readKind(session: Session, kind: string): DirectoryKind {
  const known = directoryKinds.find((one) => one === kind);
  if (known === undefined) throw new ApiError(404, 'not_found', 'The directory has no such kind of records.');
  if (!forAdministrators.includes(known)) return known;
  if (session.role !== 'SESSION_ADMIN') {
    throw new ApiError(403, 'access_denied', 'These records are for administrators.');
  }
  administratorOf(session);
  return known;
}

function toView(kind: DirectoryKind, record: DirectoryRecord<DirectoryKind>): object {
  return kind === 'endpoints' ? toEndpointView(record as Endpoint) : record;
}

function toEndpointView(given: Endpoint): EndpointView {
  const { headers = {}, secret, ...endpoint } = maskEndpoint(given);
  return { ...endpoint, headers: Object.keys(headers), signed: secret !== undefined };
}

/** What is wrong stands in the body, wherever it was found. */
function toInvalidBody(error: unknown): never {
  if (!(error instanceof InvalidInputError)) throw error;
  const details = error.problems.map(({ path, ...problem }) => ({
    ...problem,
    path: path === '' || path.startsWith('[') ? `record${path}` : `record.${path}`,
  }));
  throw new ApiError(422, 'invalid_body', 'The body is wrong; see details.', details);
}

function invalid(path: string, code: ProblemCode, message: string): ApiError {
  return new ApiError(422, 'invalid_body', 'The body is wrong; see details.', [{ path, code, message }]);
}
