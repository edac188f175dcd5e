/** People and keys, as every change names its author. */
import { apiKeyOfUser } from './api-key.ts';

/** In characters. The name is kept with every change, and lists are found by it. */
export const maxUserIdLength = 200;

/** Stands for signalbox itself wherever a user is named. */
const ownName = 'system';
/** Characters that are not seen: two names with and without them would look the same. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0\u2800]/u;

/** @returns what is wrong with the name of a person, as the end of a sentence, or null */
export function userIdIssue(name: string): string | null {
  if (name.trim() === '') return 'must not be empty';
  if (name.trim() !== name) return 'must not begin or end with a blank';
  if (name.length > maxUserIdLength) return `must not be longer than ${maxUserIdLength} characters`;
  if (unseen.test(name)) return 'must not hold control characters or others that cannot be seen';
  if (name.normalize('NFKC').toLowerCase() === ownName)
    return `must not be "${ownName}": signalbox itself is called so`;
  if (apiKeyOfUser(name) !== null) return 'must not be that of an API key';
  return null;
}
