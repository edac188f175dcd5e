/**
 * Files below a folder. What is written lies elsewhere until all of it is on disk, and is then renamed: a file that can
 * be read is whole, also when the process was killed in between.
 */
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import type { FileStore } from '#libs/domain/hooks/file-store.ts';
import { RetryableError } from '#libs/domain/errors/errors.ts';
import { checkFileKey } from './file-key.ts';
import { codeOf, filesUnavailable } from './files.errors.ts';
import { readContent } from './read-content.ts';

/** No key holds a dot. What a killed process has left here is of no use to anybody. */
const unfinished = '.unfinished';

/** @param folder made where it is missing */
export function createFolderStore(folder: string): FileStore {
  const root = resolve(folder);

  function placeOf(key: string): string {
    checkFileKey(key);
    return join(root, key);
  }

  return {
    async put(key, content) {
      const place = placeOf(key);
      await attempt('write a file', async () => {
        const draft = join(root, unfinished, randomUUID());
        await makeFolder(dirname(draft));
        try {
          await writeThrough(draft, content);
          await makeFolder(dirname(place));
          await rename(draft, place);
        } catch (error) {
          await rm(draft, { force: true });
          throw error;
        }
        // Each of them may have been made by a process that was killed before it came to this.
        for (const each of foldersBetween(root, place)) await syncFolder(each);
      });
    },

    async get(key) {
      const place = placeOf(key);
      const found = await attempt('read a file', () => stat(place).catch(nullIfAbsent));
      if (found === null) return null;
      if (!found.isFile()) throw filesUnavailable('read a file', 'there is a folder in its place');
      return { size: found.size, content: readContent(found.size, () => openForReading(place)) };
    },

    async delete(key) {
      const place = placeOf(key);
      await attempt('delete a file', async () => {
        await rm(place, { force: true });
        const folder = await open(dirname(place), constants.O_RDONLY).catch(nullIfAbsent);
        if (folder !== null) await syncAndClose(folder);
      });
    },
  };
}

/** Called when it is read, so that nothing stays open that is not read. */
async function openForReading(place: string): Promise<Readable> {
  const file = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW);
  return file.createReadStream();
}

async function writeThrough(draft: string, content: Uint8Array): Promise<void> {
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(content);
  } catch (error) {
    await file.close();
    throw error;
  }
  await syncAndClose(file);
}

/** A folder is there for good once its parent says so on disk. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (const each of foldersBetween(dirname(first), folder)) await syncFolder(each);
}

/** @returns the folders from that of `place` up to `root` */
function foldersBetween(root: string, place: string): string[] {
  const steps = relative(root, dirname(place)).split(sep).filter(Boolean);
  return [...steps.map((_, index) => join(root, ...steps.slice(0, steps.length - index))), root];
}

async function syncFolder(folder: string): Promise<void> {
  await syncAndClose(await open(folder, constants.O_RDONLY));
}

async function syncAndClose(file: Awaited<ReturnType<typeof open>>): Promise<void> {
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function nullIfAbsent(error: unknown): null {
  if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return null;
  throw error;
}

async function attempt<T>(what: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw error instanceof RetryableError ? error : filesUnavailable(what, codeOf(error));
  }
}
