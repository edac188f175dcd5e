/** What is particular to a folder; what every store does is in `test/integration/files`. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFolderStore } from './folder.store.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-folder-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function bytesOf(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function contentOf(store: ReturnType<typeof createFolderStore>, key: string): Promise<string | null> {
  const found = await store.get(key);
  return found && (await bytesOf(found.content)).toString();
}

describe('a folder of files', () => {
  it('is readable for nobody else, and holds nothing but the files', async () => {
    const root = join(folder, 'a', 'b');
    const store = createFolderStore(root);
    await store.put('day/one', Buffer.from('text'), 'text/plain');
    expect(readdirSync(join(root, 'day'))).toEqual(['one']);
    expect(readdirSync(join(root, '.unfinished'))).toEqual([]);
    for (const path of [root, join(root, 'day'), join(root, '.unfinished')])
      expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(join(root, 'day', 'one')).mode & 0o777).toBe(0o600);
  });

  it('is there again when it was removed', async () => {
    const root = join(folder, 'a');
    const store = createFolderStore(root);
    await store.put('one', Buffer.from('1'), 'text/plain');
    rmSync(root, { recursive: true });
    expect(await store.get('one')).toBeNull();
    await store.put('one', Buffer.from('2'), 'text/plain');
    expect(await contentOf(store, 'one')).toBe('2');
  });

  it('leads nowhere else by a link', async () => {
    const store = createFolderStore(join(folder, 'a'));
    await store.put('one', Buffer.from('1'), 'text/plain');
    writeFileSync(join(folder, 'secret'), 'secret');
    symlinkSync(join(folder, 'secret'), join(folder, 'a', 'link'));
    await expect(contentOf(store, 'link')).rejects.toMatchObject({ code: 'files_unavailable' });
  });

  it('says when a file is not what it was any more', async () => {
    const store = createFolderStore(folder);
    await store.put('one', Buffer.from('text'), 'text/plain');
    const [shortened, gone] = [await store.get('one'), await store.get('one')];
    truncateSync(join(folder, 'one'), 2);
    await expect(bytesOf(shortened!.content)).rejects.toMatchObject({ code: 'files_unavailable' });
    unlinkSync(join(folder, 'one'));
    await expect(bytesOf(gone!.content)).rejects.toMatchObject({ code: 'files_unavailable' });
  });

  it('is unavailable where it cannot be used, without a path in the message', async () => {
    writeFileSync(join(folder, 'file'), '');
    const store = createFolderStore(join(folder, 'file', 'below'));
    const error = await store.put('one', Buffer.from('1'), 'text/plain').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'files_unavailable',
      retryable: true,
      message: 'The file store cannot write a file: ENOTDIR',
    });
    expect(error).not.toHaveProperty('cause');
    mkdirSync(join(folder, 'ok', 'folder'), { recursive: true });
    const other = createFolderStore(join(folder, 'ok'));
    await expect(other.put('folder', Buffer.from('1'), 'text/plain')).rejects.toMatchObject({
      code: 'files_unavailable',
    });
    await expect(other.get('folder')).rejects.toMatchObject({ code: 'files_unavailable' });
    expect(readdirSync(join(folder, 'ok', '.unfinished'))).toEqual([]);
  });

  it('is unavailable where no folder can be made', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const store = createFolderStore(join(file, 'below'));
    await expect(store.put('one', Buffer.from('1'), 'text/plain')).rejects.toMatchObject({ code: 'files_unavailable' });
  });
});
