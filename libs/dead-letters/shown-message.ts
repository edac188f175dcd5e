/** What people get to see of an original message: its beginning, masked. */
import { utf8Text } from '#libs/contracts/message.ts';
import type { OriginalMessage } from '#libs/domain/events/dead-letter.ts';
import { writeJson } from '#libs/domain/json/stringify-json.ts';
import { maskedExcerpt } from '#libs/domain/masking/masked-excerpt.ts';
import { isSecretHeader } from '#libs/domain/masking/masking.ts';
import { maskSecret } from '#libs/domain/masking/secret.ts';

/** `binary`: bytes that are no text, of which nothing is shown: a secret in them could not be told. */
export const payloadKinds = ['json', 'text', 'binary', 'none'] as const;

export interface ShownMessage {
  key: string | null;
  payload: { kind: (typeof payloadKinds)[number]; text: string };
  headers: { name: string; value: string }[];
}

/** Characters of a payload, of a key or header. */
const maxPayload = 20_000;
const maxShort = 500;
const maxHeaders = 100;

export function showMessage({ key, value, headers }: OriginalMessage): ShownMessage {
  return {
    key: key === null ? null : toText(fromBase64(key), 'key'),
    payload: value === null ? { kind: 'none', text: '' } : showPayload(fromBase64(value)),
    headers: headers.slice(0, maxHeaders).map(([name, values]) => ({
      name: toShort(name, 'name'),
      value: values.map((one) => showHeader(name, fromBase64(one))).join(', '),
    })),
  };
}

function showPayload(bytes: Buffer): ShownMessage['payload'] {
  const text = readText(bytes);
  if (text === null) return { kind: 'binary', text: '' };
  const json = readJson(text);
  if (json === undefined) return { kind: 'text', text: String(maskedExcerpt(text, 'payload', maxPayload)) };
  const shown = maskedExcerpt(json, 'payload', maxPayload);
  return { kind: 'json', text: typeof shown === 'string' && typeof json !== 'string' ? shown : writeJson(shown) };
}

function showHeader(name: string, bytes: Buffer): string {
  const text = readText(bytes);
  if (text === null) return `(${bytes.length} bytes)`;
  return isSecretHeader(name) ? maskSecret(text) : toShort(text, name);
}

function toText(bytes: Buffer, name: string): string {
  const text = readText(bytes);
  return text === null ? `(${bytes.length} bytes)` : toShort(text, name);
}

function toShort(text: string, name: string): string {
  return String(maskedExcerpt(text, name === 'key' ? 'message' : name, maxShort));
}

/** @returns null for bytes that are no text */
function readText(bytes: Buffer): string | null {
  const text = utf8Text(bytes);
  return text === null || text.includes('\0') ? null : text;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function fromBase64(text: string): Buffer {
  return Buffer.from(text, 'base64');
}
