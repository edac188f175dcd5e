import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reachableBy, type SystemUser } from '../system-user.ts';

const outside = '/var/lib/signalbox';

/**
 * The folder for PostgreSQL's files, made if needed and owned by the user it runs as.
 *
 * That is `postgres/` in the state folder, unless this process is root and the state folder lies where
 * PostgreSQL's user may not go (root's home, a private temporary folder): then it lies outside and
 * `postgres` is a link to it, so that removing the state folder still forgets the data.
 */
export function postgresPlace(stateDir: string, user: SystemUser | null): string {
  const place = join(stateDir, 'postgres');
  if (!user) {
    mkdirSync(place, { recursive: true });
    return place;
  }
  mkdirSync(stateDir, { recursive: true });
  chmodSync(stateDir, 0o711);
  const linked = lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  if (linked || !reachableBy(user, stateDir)) {
    const real = join(outside, createHash('sha256').update(stateDir).digest('hex').slice(0, 16));
    removeForgotten();
    if (!linked) rmSync(real, { recursive: true, force: true });
    mkdirSync(real, { recursive: true, mode: 0o755 });
    writeFileSync(join(real, 'state-folder'), stateDir);
    if (!linked) symlinkSync(real, place);
    return owned(real, user);
  }
  mkdirSync(place, { recursive: true });
  return owned(place, user);
}

/**
 * A folder for the socket. Paths of sockets are limited to about 100 bytes on every system,
 * so one that would be longer gets a folder of its own among the temporary files.
 */
export function socketFolder(place: string, user: SystemUser | null): string {
  const near = join(place, 'socket');
  if (Buffer.byteLength(near) > 80) {
    const folder = mkdtempSync(join(tmpdir(), 'signalbox-'));
    return user ? owned(folder, user) : folder;
  }
  mkdirSync(near, { recursive: true, mode: 0o700 });
  return user ? owned(near, user) : near;
}

function owned(folder: string, user: SystemUser): string {
  chownSync(folder, user.uid, user.gid);
  return folder;
}

/** Data outside whose state folder is gone is of no use any more. */
function removeForgotten(): void {
  if (!existsSync(outside)) return;
  for (const name of readdirSync(outside)) {
    const note = join(outside, name, 'state-folder');
    if (existsSync(note) && !existsSync(readFileSync(note, 'utf8')))
      rmSync(join(outside, name), { recursive: true, force: true });
  }
}
