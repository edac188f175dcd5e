/** Tells a redelivered event from another one that carries the same id. */
import { createHash } from 'node:crypto';
import type { PlatformEvent } from '#libs/domain/event.ts';
import { writeJson } from '#libs/domain/json-text.ts';

/** @returns SHA-256 (hex) of what the event says, whatever the order of its members and however it was delivered. */
export function eventFingerprint({ topic, trigger, login, customerId, brand, data }: PlatformEvent): string {
  const text = writeJson({ topic, trigger, login, customerId, brand, data }, { sortKeys: true });
  return createHash('sha256').update(text).digest('hex');
}
