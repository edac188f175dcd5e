/** Tells a redelivered event from another one that carries the same id. */
import { sha256 } from '#libs/domain/digest.ts';
import type { PlatformEvent } from '#libs/domain/event.ts';
import { writeJson } from '#libs/domain/json-text.ts';

/** @returns SHA-256 (hex) of what the event says, whatever the order of its members and however it was delivered. */
export function eventFingerprint({ topic, trigger, login, customerId, brand, data }: PlatformEvent): string {
  return sha256(writeJson({ topic, trigger, login, customerId, brand, data }, { sortKeys: true }));
}
