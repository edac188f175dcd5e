/** What the store would change or refuse in records whose further members are free. Asked before anything is stored. */
import { isDeeperThan } from '#libs/domain/json/json-depth.ts';
import type { Problem } from '#libs/domain/errors/errors.ts';
import { at, formatMember, formatJsonPath, type JsonPath } from '#libs/domain/errors/json-path.ts';
import { isStorableText } from '#libs/domain/values/storable-text.ts';

/** Levels of a record, its lists and objects; the store takes no more than a hundred. */
const maxDepth = 32;

const unfitMessage = 'holds a NUL character or half a surrogate pair, which cannot be stored';

/** @param path of the record, e.g. `customers[3]` @returns every place in it that the store would not keep as it is */
export function recordProblems(record: unknown, path: string): Problem[] {
  if (isDeeperThan(record, maxDepth)) {
    return [{ path, code: 'too_deep', message: `must not be nested more than ${maxDepth} levels deep` }];
  }
  const root = at(null, path);
  const names = isContainer(record) && !Array.isArray(record) ? Object.keys(record) : [];
  return [
    ...names.filter(isOfStore).map((name): Problem => ({
      path: formatJsonPath(at(root, formatMember(name))),
      code: 'invalid_name',
      message: 'is no name for a member: it must not be empty, begin with $ or hold a dot',
    })),
    ...unfitIn(record, root),
  ];
}

/** Names that mean something else to the store where it sets members of a record. */
function isOfStore(name: string): boolean {
  return name === '' || name.startsWith('$') || name.includes('.');
}

/** @param value nested no deeper than records may be */
function unfitIn(value: unknown, place: JsonPath): Problem[] {
  if (typeof value === 'string') {
    return isStorableText(value) ? [] : [{ path: formatJsonPath(place), code: 'invalid_text', message: unfitMessage }];
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => unfitIn(item, at(place, `[${index}]`)));
  if (!isContainer(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const step = at(place, formatMember(name));
    if (name === '__proto__')
      return [{ path: formatJsonPath(step), code: 'invalid_name', message: 'is no name for a member' }];
    if (!isStorableText(name)) return [{ path: formatJsonPath(step), code: 'invalid_name', message: unfitMessage }];
    return unfitIn(member, step);
  });
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
