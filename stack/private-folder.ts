import { chmodSync, mkdirSync } from 'node:fs';

/**
 * Makes a folder, or takes one that is there, that only its owner may look into: what servers keep holds mails and
 * customers. (The state folder itself has to let PostgreSQL's user through when this process is root.)
 */
export function privateFolder(path: string): string {
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o700);
  return path;
}
