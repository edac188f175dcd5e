/** Refuses numbers that JSON can write and a double cannot hold: they are parsed as Infinity, which no store takes. */

/** Nearly no message has an exponent of three digits or a number of two hundred. */
const candidate = /[eE]\+?\d{3}|\d{200}/;

/** @param json what the text parses to */
export function hasInfiniteNumber(text: string, json: unknown): boolean {
  if (!candidate.test(text)) return false;
  const pending: unknown[] = [json];
  while (pending.length > 0) {
    const value = pending.pop();
    if (value === Infinity || value === -Infinity) return true;
    if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) pending.push(member);
  }
  return false;
}
