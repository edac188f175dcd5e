/** The part of a filter by which a write finds these fields of a document as they were read. */
export function asRead(document: object, fields: Iterable<string>): Record<string, unknown> {
  const values = document as Record<string, unknown>;
  return Object.fromEntries(
    [...fields].map((field) => [field, values[field] === undefined ? { $exists: false } : values[field]]),
  );
}
