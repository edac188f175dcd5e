/** Tells a redelivered event from another one of the same name. */
import { sha256 } from '#libs/domain/values/sha256.ts';
import type { PlatformEvent } from '#libs/domain/events/platform-event.ts';
import { writeJson } from '#libs/domain/json/stringify-json.ts';

/** What each version is made of. A version is added, never changed: fingerprints are kept for years. */
const versions: Record<string, (event: PlatformEvent) => string> = {
  '1': ({ topic, trigger, login, customerId, brand, data }) =>
    sha256(writeJson({ topic, trigger, login, customerId, brand, data }, { sortKeys: true })),
};
const current = '1';

/** @returns `{version}:{SHA-256 (hex)}` of what the event says, whatever the order of its members and however it was delivered. */
export function eventFingerprint(event: PlatformEvent): string {
  return `${current}:${versions[current]!(event)}`;
}

/**
 * Whether an event says what the one of the fingerprint said. One of a version that this build does not know was made
 * by a newer build beside it, and counts as the same: to start nothing twice comes first.
 */
export function hasFingerprint(event: PlatformEvent, fingerprint: string): boolean {
  const [version = '', digest] = fingerprint.split(':');
  const made = versions[version]?.(event);
  return made === undefined || made === digest;
}
