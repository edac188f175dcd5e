/**
 * What names an event in this installation: its id, its topic, and what the message itself states of its origin. An id
 * alone does not: a CloudEvent is unique by `source` and `id`, brands number their events each for itself, and so do
 * the systems behind different topics. Nothing that is looked up about the event is part of its name.
 */
import { createHash } from 'node:crypto';
import type { PlatformEvent } from './platform-event.ts';
import { sha256 } from '../values/sha256.ts';

/** Longer ids are replaced by their SHA-256 (hex), so that the key fits wherever it is used. */
export const maxPlainEventId = 200;

/** 60 bits of the origin's digest; there are few origins, and they are not chosen to collide. */
const originLength = 10;

/** @returns `{id}~{digest of topic, source and brand}` */
export function eventKey({
  id,
  topic,
  source = null,
  brand,
}: Pick<PlatformEvent, 'id' | 'topic' | 'source' | 'brand'>): string {
  const tail = id.length > maxPlainEventId ? sha256(id) : id;
  return `${tail}~${toOriginKey(JSON.stringify([topic, source, brand]))}`;
}

/** A handful of origins name nearly all events. */
const origins = new Map<string, string>();
const maxOrigins = 10_000;

function toOriginKey(text: string): string {
  let origin = origins.get(text);
  if (origin === undefined) {
    origin = createHash('sha256').update(text).digest('base64url').slice(0, originLength);
    if (origins.size >= maxOrigins) origins.clear();
    origins.set(text, origin);
  }
  return origin;
}
