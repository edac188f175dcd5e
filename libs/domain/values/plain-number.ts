/** Numbers as people read them: `1e-7` is 0.0000001, and what is no number is nothing. */

const scientific = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/;

/** @returns every digit of the shortest text that means the number, without an exponent */
export function plainNumber(number: number): string {
  if (!Number.isFinite(number)) return '';
  const text = String(number);
  const [, sign = '', first = '', others = '', exponent] = scientific.exec(text) ?? [];
  if (exponent === undefined) return text;
  const digits = `${first}${others}`;
  const shift = Number(exponent);
  return shift < 0 ? `${sign}0.${'0'.repeat(-shift - 1)}${digits}` : `${sign}${digits.padEnd(shift + 1, '0')}`;
}
