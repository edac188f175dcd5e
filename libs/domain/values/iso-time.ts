/** Times as text: ISO 8601 dates and date-times, as RFC 3339 narrows them. */

const pattern = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?([Zz]|[+-]\d\d:?\d\d)?)?$/;
const minLength = 'YYYY-MM-DD'.length;
const maxLength = 'YYYY-MM-DDThh:mm:ss.nnnnnnnnn+hh:mm'.length;

/**
 * @param text a date (its midnight in UTC) or a date-time; without an offset it is UTC
 * @returns milliseconds since 1970, or null when the text is no such time (30 February included)
 */
export function parseIsoTime(text: string): number | null {
  // Conditions try this on any text: most is refused by its length or its fifth character.
  if (text.length < minLength || text.length > maxLength || text.charCodeAt(4) !== 0x2d) return null;
  const parts = pattern.exec(text);
  if (parts === null) return null;
  const number = (index: number): number => Number(parts[index] ?? 0);
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map(number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const millisecond = Number((parts[7] ?? '').padEnd(3, '0').slice(0, 3));
  const isLeapSecond = second === 60;
  if (hour > 23 || minute > 59 || second > 60) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  const offset = offsetMinutes(parts[8]);
  if (offset === null) return null;
  date.setUTCHours(hour, minute - offset, isLeapSecond ? 59 : second, isLeapSecond ? 999 : millisecond);
  return date.getTime();
}

function offsetMinutes(text: string | undefined): number | null {
  if (text === undefined || text === 'Z' || text === 'z') return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(-2));
  if (hours > 23 || minutes > 59) return null;
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
