import { createHash } from 'node:crypto';
import type { LifecycleDraft } from '#libs/domain/runs/lifecycle-event.ts';

/** Ours alone, so that no other system's name-based ids can collide with them. */
const namespace = Buffer.from('9b6f0d1e7c5a4f0c8d3b2a1e6f5c4d70', 'hex');

/**
 * The id of a run's event: a UUID of version 5 (RFC 9562) over what identifies it, so that every retry, on whatever
 * machine, publishes the same one. A pause is also told by its token, and by the reset of the run before it.
 */
export function lifecycleEventId(draft: LifecycleDraft): string {
  const hash = createHash('sha1').update(namespace).update(buildName(draft)).digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

function buildName(draft: LifecycleDraft): string {
  const { executionId, eventType, sequence, reset } = draft;
  // A run starts and ends once, however often it is reset.
  if (eventType !== 'WorkflowPaused' && eventType !== 'WorkflowResumed') return `${executionId}/${eventType}`;
  return [
    `${executionId}/${eventType}/${sequence}`,
    draft.correlationToken,
    ...(reset === undefined ? [] : [reset]),
  ].join('/');
}
