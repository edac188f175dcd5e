/** Everything that an operator changes in the directory, whether from files or one record. Each change is on record. */
import { isDeepStrictEqual } from 'node:util';
import type { RecordDraft } from '#libs/contracts/directory-record.schema.ts';
import { recordProblems } from '#libs/contracts/storable.ts';
import type { AuditEvent, Audited } from '#libs/domain/access/audit-log.ts';
import {
  directoryKinds,
  type DirectoryData,
  type DirectoryKind,
  type DirectoryRecord,
} from '#libs/domain/directory/directory-data.ts';
import { readRecordId, recordId } from '#libs/domain/directory/record-id.ts';
import { InvalidInputError, PermanentError } from '#libs/domain/errors/errors.ts';
import type { Directory } from '#libs/store/directory/directory.ts';
import type { StoredRecord } from '#libs/store/directory/record.store.ts';
import { DirectoryAccess, type AccessDirectory, type Brands } from './directory-access.ts';
import { withKeptSecrets } from './endpoint-secrets.ts';

export interface DirectoryEditorPorts {
  directory: AccessDirectory & Pick<Directory, 'findRecord' | 'load' | 'loadOver'>;
  audited: Audited;
}

export interface DirectoryWriter {
  by: string;
  brands: Brands;
}

export class DirectoryEditor {
  readonly #ports: DirectoryEditorPorts;
  readonly #access: DirectoryAccess;

  constructor(ports: DirectoryEditorPorts) {
    this.#ports = ports;
    this.#access = new DirectoryAccess(ports.directory);
  }

  /** Adds records and sets the given fields of known ones. @returns what was loaded, as `groups: 3`. @throws as `load` */
  async load(by: string, data: DirectoryData): Promise<string[]> {
    const { directory, audited } = this.#ports;
    const loaded = directoryKinds
      .filter((kind) => data[kind].length > 0)
      .map((kind) => `${kind}: ${data[kind].length}`);
    const note: AuditEvent = { operation: 'directory.load', target: 'directory', brand: null, by, what: { loaded } };
    await audited(note, () => directory.load(data));
    return loaded;
  }

  /**
   * @param seen version of the record as its writer read it; null: the writer adds it
   * @throws InvalidInputError with paths in the record, as `subject`; PermanentError `record_not_found`,
   *   `record_exists`, `version_conflict`, `access_denied`
   */
  async put<Kind extends DirectoryKind>(
    { by, brands }: DirectoryWriter,
    kind: Kind,
    draft: RecordDraft<Kind>,
    seen: string | null,
  ): Promise<StoredRecord<DirectoryRecord<Kind>>> {
    const { directory, audited } = this.#ports;
    const problems = recordProblems(draft, '').map((one) => ({ ...one, path: one.path.replace(/^\./, '') }));
    if (problems.length > 0) throw new InvalidInputError('The record is wrong; see details.', problems);
    const id = recordId(kind, draft as DirectoryRecord<Kind>);
    const stored = await this.#find(kind, id);
    await this.#refuseStranger(brands, kind, stored, seen);
    const record = toRecord(kind, draft, stored);
    const whole = stored === null ? record : { ...stored.record, ...record };
    await this.#refuse(brands, kind, kind === 'accounts' || kind === 'customers' ? whole : record);
    const note: AuditEvent = {
      operation: 'directory.load',
      target: `directory/${kind}/${id}`,
      brand: await this.#brandOf(kind, record),
      by,
      what: { loaded: [`${kind}: 1`], fields: changedFields(stored?.record ?? null, record) },
    };
    await audited(note, async () => {
      const outcome = await directory.loadOver(kind, record, seen).catch((error: unknown) => {
        throw inRecord(error, kind);
      });
      if (outcome === 'conflict') throw seen === null ? recordExists() : changedMeanwhile();
    });
    return (await this.#find(kind, id)) ?? { record, version: '' };
  }

  #find<Kind extends DirectoryKind>(kind: Kind, id: string): Promise<StoredRecord<DirectoryRecord<Kind>> | null> {
    const identity = readRecordId(kind, id);
    return identity === null ? Promise.resolve(null) : this.#ports.directory.findRecord(kind, identity);
  }

  /** Of a record that is not seen, it is not even told that it is there: unless its id is to be taken. */
  async #refuseStranger<Kind extends DirectoryKind>(
    brands: Brands,
    kind: Kind,
    stored: StoredRecord<DirectoryRecord<Kind>> | null,
    seen: string | null,
  ): Promise<void> {
    const [isSeen = false] = stored === null ? [] : await this.#access.sees(brands, kind, [stored.record]);
    if (!isSeen) {
      if (seen !== null) throw recordNotFound();
      if (stored !== null) throw recordExists();
      return;
    }
    await this.#refuse(brands, kind, stored!.record);
  }

  async #refuse<Kind extends DirectoryKind>(brands: Brands, kind: Kind, record: DirectoryRecord<Kind>): Promise<void> {
    const objection = await this.#access.objection(brands, kind, record);
    if (objection !== null) throw new PermanentError('access_denied', objection);
  }

  async #brandOf(kind: DirectoryKind, record: object): Promise<string | null> {
    if (kind !== 'accounts') return 'brand' in record && typeof record.brand === 'string' ? record.brand : null;
    const { group } = record as DirectoryRecord<'accounts'>;
    return (await this.#ports.directory.groups([group])).get(group)?.brand ?? null;
  }
}

/** @throws InvalidInputError */
function toRecord<Kind extends DirectoryKind>(
  kind: Kind,
  draft: RecordDraft<Kind>,
  stored: StoredRecord<DirectoryRecord<Kind>> | null,
): DirectoryRecord<Kind> {
  if (kind !== 'endpoints') return draft as DirectoryRecord<Kind>;
  const before = stored as StoredRecord<DirectoryRecord<'endpoints'>> | null;
  const endpoint = withKeptSecrets(draft as RecordDraft<'endpoints'>, before?.record ?? null);
  return endpoint;
}

/** Names alone: what they hold may be secret, or long. */
function changedFields(before: object | null, after: object): string[] {
  const old = (before ?? {}) as Record<string, unknown>;
  const now = after as Record<string, unknown>;
  const names = new Set([...Object.keys(old), ...Object.keys(now)]);
  return [...names].filter((name) => !isDeepStrictEqual(old[name], now[name])).sort();
}

/** A file is told of `users[0].username`, the writer of one record of `username`. */
function inRecord(error: unknown, kind: DirectoryKind): unknown {
  if (!(error instanceof InvalidInputError)) return error;
  const start = new RegExp(String.raw`^${kind}(\[0\]\.?)?`);
  const problems = error.problems.map((problem) => ({ ...problem, path: problem.path.replace(start, '') }));
  return new InvalidInputError('The record is wrong; see details.', problems);
}

export function recordNotFound(): PermanentError {
  return new PermanentError('record_not_found', 'There is no such record in the directory.');
}

function recordExists(): PermanentError {
  // Not more: it may be of a brand that the session is not for.
  return new PermanentError(
    'record_exists',
    'What the record is told by is taken: choose another, or change that record.',
  );
}

function changedMeanwhile(): PermanentError {
  const message = 'The record was changed since it was read: read it again, and send your change with its version.';
  return new PermanentError('version_conflict', message);
}
