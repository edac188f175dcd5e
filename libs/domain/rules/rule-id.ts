/** Ids of rules that were written without one. */
import { createHash, randomUUID } from 'node:crypto';

/** The most an id may have. */
const maxIdLength = 64;

/**
 * The id of a rule that a file names without an id: the same name and brand always give the same one, so that
 * applying a file again changes rules instead of doubling them.
 *
 * @returns e.g. `new-depositor-onboarding-1f8b6a20`; letters, digits and dashes
 */
export function toRuleId(name: string, brand: string | null): string {
  return named(name, toDigest([brand, name]).slice(0, 8));
}

/** An id for a rule that is made anew; another one each time. */
export function newRuleId(name: string): string {
  return named(name, randomUUID().replaceAll('-', '').slice(0, 16));
}

/** @param by who makes the rule @param key of the request: sent again it gives the same id, whatever else it says */
export function ruleIdOfRequest(by: string, key: string): string {
  return named('', toDigest([by, key]).slice(0, 32));
}

function named(name: string, suffix: string): string {
  const slug = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, maxIdLength - suffix.length - 1)
    .replace(/^-+|-+$/g, '');
  return `${slug === '' ? 'rule' : slug}-${suffix}`;
}

function toDigest(parts: (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
