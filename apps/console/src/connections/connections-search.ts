/** What pages of connections show, as their addresses say it. */
export interface PageSearch {
  cursor?: string;
}

export function readPageSearch({ cursor }: Record<string, unknown>): PageSearch {
  return typeof cursor === 'string' && cursor !== '' ? { cursor } : {};
}

export type AttemptsSearch = PageSearch & { outcome?: 'delivered' | 'failed' };

export function readAttemptsSearch(search: Record<string, unknown>): AttemptsSearch {
  const { outcome } = search;
  return { ...readPageSearch(search), ...((outcome === 'delivered' || outcome === 'failed') && { outcome }) };
}

/** A list as people write it: with commas or line breaks between. @returns null where there is nothing */
export function readList(text: string): string[] | null {
  const parts = text
    .split(/[,\n]/)
    .map((one) => one.trim())
    .filter((one) => one !== '');
  return parts.length === 0 ? null : parts;
}

/** Lines of `name = value`. A line without a value is left to the API, which says what is wrong. */
export function readPairs(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .map((line) => {
        const at = line.indexOf('=');
        return at === -1 ? [line, ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
      }),
  );
}

export function writePairs(pairs: Readonly<Record<string, string>>): string {
  return Object.entries(pairs)
    .map(([name, value]) => `${name} = ${value}`)
    .join('\n');
}

/** Of a field for a local time: ISO 8601; null for what is no time. */
export function fromLocalTime(text: string): string | null {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
