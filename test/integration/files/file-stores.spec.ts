/** What both kinds of file store have to do, on a real file system and on a real S3-compatible server. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFileStore } from '#libs/files/create-file-store.ts';
import { newFileKey } from '#libs/files/file-key.ts';
import { loadConfig } from '#libs/config/config.ts';
import { startS3Server, type S3Server } from '../../support/s3-server.ts';

interface Place {
  env: Record<string, string>;
  /** Makes it fail and work again. */
  close(): Promise<void>;
}

async function folderPlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-files-'));
  return {
    env: { FILES_FOLDER: join(folder, 'not', 'there', 'yet') },
    close: () => rm(folder, { recursive: true }),
  };
}

async function s3Place(): Promise<Place> {
  const server: S3Server = await startS3Server();
  const { url, bucket, region, accessKeyId, secretAccessKey } = server.settings;
  return {
    env: {
      FILES_S3_URL: `${url}/`,
      FILES_S3_BUCKET: bucket,
      FILES_S3_REGION: region,
      FILES_S3_ACCESS_KEY_ID: accessKeyId,
      FILES_S3_SECRET_ACCESS_KEY: secretAccessKey,
    },
    close: () => server.close(),
  };
}

describe.each([
  ['a folder', folderPlace],
  ['S3-compatible storage', s3Place],
])('files in %s', (_, start) => {
  let place: Place;
  let store: ReturnType<typeof createFileStore>;

  beforeAll(async () => {
    place = await start();
    store = createFileStore(loadConfig(place.env).files);
  });
  afterAll(async () => {
    await store.close();
    await place.close();
  });

  async function contentOf(key: string): Promise<Buffer | null> {
    const found = await store.get(key);
    if (found === null) return null;
    const chunks: Uint8Array[] = [];
    for await (const chunk of found.content) chunks.push(chunk);
    const content = Buffer.concat(chunks);
    expect(content.length).toBe(found.size);
    return content;
  }

  it('are what was written, whatever the bytes', async () => {
    for (const content of [Buffer.alloc(0), Buffer.from([0, 255, 13, 10]), randomBytes(10_485_760)]) {
      const key = newFileKey();
      await store.put(key, content, 'application/octet-stream');
      expect((await contentOf(key))?.equals(content)).toBe(true);
    }
  });

  it('may be written again, also at the same time', async () => {
    const key = newFileKey();
    const content = randomBytes(1_000_000);
    await Promise.all(Array.from({ length: 20 }, () => store.put(key, content, 'image/png')));
    await store.put(key, content, 'image/png');
    expect((await contentOf(key))?.equals(content)).toBe(true);
  });

  it('are nothing where none was written', async () => {
    expect(await store.get(newFileKey())).toBeNull();
    expect(await store.get(`no-day/${'a'.repeat(100)}`)).toBeNull();
  });

  it('are gone once deleted, and may be deleted again', async () => {
    const key = newFileKey();
    await store.put(key, Buffer.from('text'), 'text/plain');
    await store.delete(key);
    expect(await store.get(key)).toBeNull();
    await store.delete(key);
    await store.delete(`never-there/${'a'.repeat(100)}`);
  });

  it('need not be read to the end, nor at all', async () => {
    const key = newFileKey();
    await store.put(key, randomBytes(5_000_000), 'text/plain');
    for (let time = 0; time < 50; time += 1) {
      const found = await store.get(key);
      if (time % 2 === 0) await found?.content[Symbol.asyncIterator]().return?.();
      else for await (const chunk of found!.content) if (chunk.length > 0) break;
    }
    expect((await contentOf(key))?.length).toBe(5_000_000);
  });

  it.each([
    '../secret',
    'a/../../b',
    '/etc/passwd',
    '',
    'a//b',
    'a/',
    '.unfinished/a',
    'a%2fb',
    'a\\b',
    'a\0',
    'é',
    'a?b',
    'a'.repeat(201),
  ])('have no such key as %j', async (key) => {
    const refused = { code: 'invalid_file_key' };
    await expect(store.put(key, Buffer.from('x'), 'text/plain')).rejects.toMatchObject(refused);
    await expect(store.get(key)).rejects.toMatchObject(refused);
    await expect(store.delete(key)).rejects.toMatchObject(refused);
  });
});
