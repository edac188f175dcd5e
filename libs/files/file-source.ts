/**
 * Files that callers name by `file://`. A user who may write to a folder that is open to them may also move what lies there
 * at any moment. So a file is opened once, only then is decided whether it is one of the folder, and what is decided on is
 * what is read.
 */
import { constants, type BigIntStats } from 'node:fs';
import { open, readlink, realpath, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codeOf, filesUnavailable } from './files.errors.ts';

export interface SourceFile {
  /** As its address ends. */
  name: string;
  /** Bytes. */
  size: number;
  /** @returns null when it was changed meanwhile. @throws RetryableError `files_unavailable` */
  read(): Promise<Uint8Array | null>;
  close(): Promise<void>;
}

/** That the file is not there or not for us; everything else is a fault of the machine. */
const refusals = new Set([
  'ENOENT',
  'ENOTDIR',
  'EACCES',
  'EPERM',
  'ELOOP',
  'ENAMETOOLONG',
  'ENXIO',
  'EISDIR',
  'EINVAL',
]);

/** A pipe without a writer would be waited for; a link in the last place would lead elsewhere. */
const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW | constants.O_NOCTTY;

/**
 * @param url begins with `file://`
 * @param folders absolute paths
 * @returns null, whatever the reason, when there is no regular file below one of the folders that can be read
 * @throws RetryableError `files_unavailable`
 */
export async function openSource(url: string, folders: readonly string[]): Promise<SourceFile | null> {
  const path = toPath(url);
  if (path === null) return null;
  try {
    const places = (await Promise.all(folders.map((folder) => realpath(folder).catch(nullIfRefused)))).filter(
      (place) => place !== null,
    );
    const place = await realpath(path);
    // Opening alone does something to some files: to others than those of the folders it is not done.
    if (!isBelow(place, places)) return null;
    return await openWithin(place, places, basename(path));
  } catch (error) {
    return nullIfRefused(error);
  }
}

async function openWithin(place: string, folders: readonly string[], name: string): Promise<SourceFile | null> {
  const file = await open(place, flags);
  try {
    const found = await file.stat({ bigint: true });
    if (found.isFile() && isBelow((await placeOf(file)) ?? '', folders)) {
      return {
        name,
        size: Number(found.size),
        read: () => readWhole(file, found),
        close: () => file.close(),
      };
    }
  } catch (error) {
    await file.close();
    throw error;
  }
  await file.close();
  return null;
}

/** @returns null for what is no path on this machine. Encoded slashes, NUL and other hosts are refused. */
function toPath(url: string): string | null {
  try {
    const { search, hash } = new URL(url);
    const path = search === '' && hash === '' ? fileURLToPath(url) : '\0';
    return path.includes('\0') ? null : path;
  } catch {
    // Both only say that it is no such address.
    return null;
  }
}

/** Where an open file lies, whatever its name leads to by now: only Linux tells, so other systems serve none. */
async function placeOf(file: FileHandle): Promise<string | null> {
  return process.platform === 'linux' ? readlink(`/proc/self/fd/${file.fd}`) : null;
}

function isBelow(place: string, folders: readonly string[]): boolean {
  return folders.some((folder) => place.startsWith(folder.endsWith('/') ? folder : `${folder}/`));
}

/** One byte more than there should be is asked for: there may be more by now, and devices tell no length at all. */
async function readWhole(file: FileHandle, found: BigIntStats): Promise<Uint8Array | null> {
  const size = Number(found.size);
  const content = Buffer.alloc(size + 1);
  let length = 0;
  try {
    while (length <= size) {
      const { bytesRead } = await file.read(content, length, content.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    const { mtimeNs } = await file.stat({ bigint: true });
    return length === size && mtimeNs === found.mtimeNs ? content.subarray(0, size) : null;
  } catch (error) {
    throw filesUnavailable('read a file that was named by its address', codeOf(error));
  }
}

function nullIfRefused(error: unknown): null {
  if (refusals.has(codeOf(error))) return null;
  throw filesUnavailable('read a file that was named by its address', codeOf(error));
}
