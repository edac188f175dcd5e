/** Keys of files: made by signalbox, never by callers. Nothing else comes near a path or an address. */
import { randomUUID } from 'node:crypto';
import { PermanentError } from '#libs/domain/errors/errors.ts';

const pattern = /^[A-Za-z0-9-]+(\/[A-Za-z0-9-]+)*$/;
const maxLength = 200;

/** @returns a new key below the day, so that operators see how old a file is */
export function newFileKey(now = new Date()): string {
  return `${now.toISOString().slice(0, 10)}/${randomUUID()}`;
}

/** @throws PermanentError `invalid_file_key` */
export function checkFileKey(key: string): void {
  if (key.length <= maxLength && pattern.test(key)) return;
  throw new PermanentError('invalid_file_key', 'The key of a file holds letters, digits, dashes and slashes only');
}
