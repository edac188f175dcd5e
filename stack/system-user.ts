import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';

export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

let found: SystemUser | null | undefined;

/**
 * The user PostgreSQL runs as when this process is root, which PostgreSQL refuses; `null` when it can run as we do.
 * One that is there is taken: `postgres` where a system package made it, else `nobody`, which every system has.
 */
export function serverUser(): SystemUser | null {
  if (found !== undefined) return found;
  if (process.getuid?.() !== 0) return (found = null);
  for (const name of ['postgres', 'nobody']) {
    const uid = idOf('-u', name);
    const gid = idOf('-g', name);
    if (uid && gid) return (found = { uid, gid });
  }
  throw new Error(
    'PostgreSQL does not run as root, and this system has neither a user "postgres" nor "nobody" to run it as',
  );
}

/** Whether this user may enter the folder: every folder above it that exists lets it through. */
export function reachableBy(user: SystemUser, folder: string): boolean {
  for (let path = folder; ; path = dirname(path)) {
    const entry = statSync(path, { throwIfNoEntry: false });
    if (entry) {
      const bit = entry.uid === user.uid ? 0o100 : entry.gid === user.gid ? 0o010 : 0o001;
      if (!(entry.mode & bit)) return false;
    }
    if (path === dirname(path)) return true;
  }
}

function idOf(flag: '-u' | '-g', name: string): number | null {
  try {
    return Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    // `id` exits with 1 for a name it does not know.
    return null;
  }
}
