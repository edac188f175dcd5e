/** Values of conditions, as people type them and as the rule holds them. */

export type Language = 'en' | 'de';

export type ValueKind = 'number' | 'text' | 'boolean' | 'any';

/** How the values of a field of this type are typed. */
export function valueKind(type: string): ValueKind {
  if (type === 'number' || type === 'integer') return 'number';
  if (type === 'boolean') return 'boolean';
  return type === 'string' || type === 'id' ? 'text' : 'any';
}

const grouped: Record<Language, RegExp> = {
  en: /^-?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/,
  de: /^-?\d{1,3}(?:\.\d{3})+(?:,\d+)?$/,
};
const plain = /^-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** @returns the number that a text means to a reader of the language, or null: "5,000" is five thousand in English alone */
export function readNumber(text: string, language: Language): number | null {
  const trimmed = text.trim().replace(/(?<=\d)[\u00a0\u202f ](?=\d{3}(?:\D|$))/g, '');
  const value = Number(normalized(trimmed, language));
  return trimmed !== '' && plain.test(normalized(trimmed, language)) && Number.isFinite(value) ? value : null;
}

function normalized(text: string, language: Language): string {
  if (grouped[language].test(text)) {
    return language === 'en' ? text.replaceAll(',', '') : text.replaceAll('.', '').replace(',', '.');
  }
  return language === 'de' ? text.replace(/^(-?\d*),(\d+)$/, '$1.$2') : text;
}

/** As it is typed again: in digits, with the language's decimal sign. */
export function writeNumber(value: number, language: Language): string {
  const text = String(value);
  return language === 'de' ? text.replace('.', ',') : text;
}

const quoted = /^"(.*)"$/s;

/**
 * What a text means for a field. Of a field whose type is not known, a number and true and false are what they look
 * like, and "5" in quotes is a text.
 */
export function readScalar(text: string, kind: ValueKind, language: Language): string | number | boolean {
  if (kind === 'number') return readNumber(text, language) ?? text;
  if (kind !== 'any') return text;
  if (text === 'true' || text === 'false') return text === 'true';
  return quoted.exec(text)?.[1] ?? readNumber(text, language) ?? text;
}

/** As it is typed again: `readScalar` gives the same value. */
export function writeScalar(value: unknown, kind: ValueKind, language: Language): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number') return writeNumber(value, language);
  if (typeof value !== 'string') return JSON.stringify(value);
  return kind === 'any' && readScalar(value, kind, language) !== value ? `"${value}"` : value;
}

/** One a line. Values whose line stays as it was keep their type. */
export function readList(text: string, before: readonly unknown[], kind: ValueKind, language: Language): unknown[] {
  const known = new Map(before.map((value) => [writeScalar(value, kind, language), value]));
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => (known.has(line) ? known.get(line) : readScalar(line.trim(), kind, language)));
}

export function writeList(values: readonly unknown[], kind: ValueKind, language: Language): string {
  return values.map((value) => writeScalar(value, kind, language)).join('\n');
}
