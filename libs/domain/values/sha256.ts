/** Digests of text. Uses Node's crypto, which the workflow sandbox does not have: nothing it reaches may import this. */
import { createHash } from 'node:crypto';

/** @returns SHA-256 of the text in UTF-8, 64 hex digits. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
