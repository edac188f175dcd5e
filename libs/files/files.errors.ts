/** What goes wrong with files, said without paths, addresses and credentials. */
import { RetryableError } from '#libs/domain/errors/errors.ts';

/** @param what continues "the file store cannot", e.g. `write a file` */
export function filesUnavailable(what: string, reason: string): RetryableError {
  return new RetryableError('files_unavailable', `The file store cannot ${what}: ${reason}`);
}

/** The code of an error of Node, such as `ENOSPC`: its message would name paths and addresses. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'an unknown error';
}
