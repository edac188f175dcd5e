/** Ids of rules that were written without one. */
import { createHash } from 'node:crypto';

/** With the digest, 64: the most an id may have. */
const longestSlug = 55;

/**
 * The id of a rule that a file names without an id: the same name and brand always give the same one, so that
 * applying a file again changes rules instead of doubling them.
 *
 * @returns e.g. `new-depositor-onboarding-1f8b6a20`; letters, digits and dashes
 */
export function ruleIdOf(name: string, brand: string | null): string {
  const slug = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, longestSlug)
    .replace(/^-+|-+$/g, '');
  const digest = createHash('sha256')
    .update(JSON.stringify([brand, name]))
    .digest('hex')
    .slice(0, 8);
  return `${slug === '' ? 'rule' : slug}-${digest}`;
}
