/** What a session sees of the directory, record by record and page by page. */
import type { DirectoryKind, DirectoryRecord } from '#libs/domain/directory/directory-data.ts';
import { readRecordId, recordId } from '#libs/domain/directory/record-id.ts';
import type { Directory } from '#libs/store/directory/directory.ts';
import type { ListedRecord, StoredRecord } from '#libs/store/directory/record.store.ts';
import type { Page } from '#libs/store/mongo/keyset-page.ts';
import { DirectoryAccess, type AccessDirectory, type Brands } from './directory-access.ts';
import { recordNotFound } from './directory-editor.ts';

export interface ListRequest {
  /** See `matcher`. */
  search?: string;
  cursor?: string;
  limit: number;
}

/** Records looked at for one page: where few are seen or fit, a page has fewer than its limit, or none, and a next one. */
export const maxLookedAt = 1_000;
const readAtOnce = 200;

type Listed<Kind extends DirectoryKind> = ListedRecord<DirectoryRecord<Kind>>;

export class DirectoryLists {
  readonly #directory: AccessDirectory & Pick<Directory, 'findRecord' | 'pageOf'>;
  readonly #access: DirectoryAccess;

  constructor(directory: AccessDirectory & Pick<Directory, 'findRecord' | 'pageOf'>) {
    this.#directory = directory;
    this.#access = new DirectoryAccess(directory);
  }

  /** @throws PermanentError `record_not_found`, also for one that the session does not see */
  async get<Kind extends DirectoryKind>(
    brands: Brands,
    kind: Kind,
    id: string,
  ): Promise<StoredRecord<DirectoryRecord<Kind>>> {
    const stored = await this.#find(kind, id);
    const [isSeen = false] = stored === null ? [] : await this.#access.sees(brands, kind, [stored.record]);
    if (stored === null || !isSeen) throw recordNotFound();
    return stored;
  }

  /** In the order of their ids. @throws InvalidInputError for a wrong cursor */
  async list<Kind extends DirectoryKind>(
    brands: Brands,
    kind: Kind,
    request: ListRequest,
  ): Promise<Page<DirectoryRecord<Kind>>> {
    const { search, limit } = request;
    if (search !== undefined && byIdAlone.includes(kind)) return this.#listOne(brands, kind, search);
    const fits = matcher(kind, search);
    const found: Listed<Kind>[] = [];
    let cursor = request.cursor;
    for (let looked = 0; looked < maxLookedAt; looked += readAtOnce) {
      const page = await this.#directory.pageOf(kind, { ...(cursor !== undefined && { cursor }), limit: readAtOnce });
      const fitting = page.items.filter(({ record }) => fits(record));
      const seen = await this.#access.sees(
        brands,
        kind,
        fitting.map(({ record }) => record),
      );
      found.push(...fitting.filter((_, index) => seen[index]));
      if (found.length > limit)
        return { items: toRecords(found.slice(0, limit)), nextCursor: found[limit - 1]!.cursor };
      if (page.nextCursor === null) return { items: toRecords(found), nextCursor: null };
      cursor = page.nextCursor;
    }
    return { items: toRecords(found), nextCursor: cursor ?? null };
  }

  async #listOne<Kind extends DirectoryKind>(
    brands: Brands,
    kind: Kind,
    id: string,
  ): Promise<Page<DirectoryRecord<Kind>>> {
    const stored = await this.#find(kind, id.trim());
    const [isSeen = false] = stored === null ? [] : await this.#access.sees(brands, kind, [stored.record]);
    return { items: stored !== null && isSeen ? [stored.record] : [], nextCursor: null };
  }

  #find<Kind extends DirectoryKind>(kind: Kind, id: string): Promise<StoredRecord<DirectoryRecord<Kind>> | null> {
    const identity = readRecordId(kind, id);
    return identity === null ? Promise.resolve(null) : this.#directory.findRecord(kind, identity);
  }
}

/** There may be millions of these, and no index leads to a part of a name. */
const byIdAlone: readonly DirectoryKind[] = ['accounts', 'customers'];

/** By a part of an id or a name, whatever its case. */
function matcher<Kind extends DirectoryKind>(
  kind: Kind,
  search: string | undefined,
): (record: DirectoryRecord<Kind>) => boolean {
  const wanted = search?.trim().toLowerCase() ?? '';
  if (wanted === '') return () => true;
  return (record) => {
    const { name, label, code, username } = record as {
      name?: string;
      label?: string;
      code?: string;
      username?: string;
    };
    return [recordId(kind, record), name, label, code, username].some((text) => text?.toLowerCase().includes(wanted));
  };
}

function toRecords<Item>(listed: ListedRecord<Item>[]): Item[] {
  return listed.map(({ record }) => record);
}
