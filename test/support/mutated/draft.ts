/** A message before it is bytes: what mutations work on. */
import type { MessageHeaders } from '#libs/kafka/message.ts';

export type Json = null | boolean | number | string | Raw | Json[] | { [name: string]: Json };
export type JsonRecord = { [name: string]: Json };

/** Stands in JSON as it is: numbers and depths that JavaScript would not write. */
export class Raw {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export interface Draft {
  /** Logical name. */
  topic: string;
  key: Buffer | null;
  body: Json;
  headers: MessageHeaders;
  /** Milliseconds since 1970, as text; of a draft without one the time of publication. */
  timestamp?: string;
}

/** A message as it is published. */
export interface RawMessage extends Omit<Draft, 'body'> {
  value: Buffer | null;
}

export function jsonOf(body: Json): string {
  if (body instanceof Raw) return body.text;
  if (Array.isArray(body)) return `[${body.map(jsonOf).join(',')}]`;
  if (typeof body !== 'object' || body === null) return JSON.stringify(body);
  return `{${Object.entries(body)
    .map(([name, value]) => `${JSON.stringify(name)}:${jsonOf(value)}`)
    .join(',')}}`;
}

export function rawMessageOf({ body, ...rest }: Draft): RawMessage {
  return { ...rest, value: Buffer.from(jsonOf(body)) };
}

export function copyOf(body: Json): Json {
  if (body instanceof Raw || typeof body !== 'object' || body === null) return body;
  if (Array.isArray(body)) return body.map(copyOf);
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, copyOf(value)]));
}

/** Sets a member, whatever its name: `__proto__` is one like any other. A list gets the value at its end. */
export function setMember(record: object, name: string, value: unknown): void {
  if (Array.isArray(record) && !/^\d+$/.test(name)) {
    record.push(value);
    return;
  }
  Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
}
