/** Columns for people: as wide as their longest cell, nothing cut off. */

export type Cell = string | number | boolean | null | undefined;

// What a terminal would act upon instead of showing: values in a table come from outside.
const control = /\p{Cc}+/gu;

/** @returns lines without trailing blanks; missing values as a dash */
export function table(headings: string[], rows: Cell[][]): string {
  const lines = [headings, ...rows.map((row) => row.map(toText))];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Names and values below each other. */
export function details(fields: [name: string, value: Cell][]): string {
  const width = Math.max(...fields.map(([name]) => name.length)) + 1;
  return fields.map(([name, value]) => `${`${name}:`.padEnd(width)}  ${toText(value)}`).join('\n');
}

function toText(value: Cell): string {
  if (value === null || value === undefined || value === '') return '-';
  return String(value).replace(control, ' ');
}
