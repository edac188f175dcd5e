/**
 * Texts among the search parameters of an address: trimmed, and left out where they are empty or no filter, since a link
 * may be old or mistyped.
 */
export function readTexts<Name extends string>(
  search: Record<string, unknown>,
  names: readonly Name[],
): Partial<Record<Name, string>> {
  const texts = names.flatMap((name) => {
    const value = search[name];
    return typeof value === 'string' && value.trim() !== '' ? [[name, value.trim()]] : [];
  });
  return Object.fromEntries(texts) as Partial<Record<Name, string>>;
}
