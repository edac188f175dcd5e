/**
 * Records from outside may carry any further fields, named and nested as they like; a document's field names may not
 * hold dots, nor nest as deep. So what we know by name is stored as fields, all else as one JSON text.
 */

export interface MoreFields {
  more?: string;
}

export function splitMore<T extends object, Name extends keyof T & string>(
  record: T,
  known: Readonly<Record<Name, unknown>>,
): { fields: Pick<T, Name>; more: string } {
  const fields: Record<string, unknown> = {};
  const more: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(record)) {
    if (value === undefined) continue;
    (Object.hasOwn(known, name) ? fields : more)[name] = value;
  }
  return { fields: fields as Pick<T, Name>, more: JSON.stringify(more) };
}

export function joinMore({ more, ...fields }: MoreFields): object {
  return { ...(more === undefined ? {} : (JSON.parse(more) as object)), ...fields };
}
