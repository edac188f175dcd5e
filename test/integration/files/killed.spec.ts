/** The file stores when whoever writes is killed, or the storage is. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createS3Store } from '#libs/files/s3.store.ts';
import { newFileKey } from '#libs/files/file-key.ts';
import { startS3Server, type S3Server } from '../../support/s3-server.ts';

const writer = fileURLToPath(new URL('../../support/file-writer.mjs', import.meta.url));
const compiled = new URL('../../../dist/libs/files/', import.meta.url).href;

describe('a process that is killed while it writes', () => {
  const length = 1_000_000;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signalbox-killed-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('leaves every file whole that can be seen, and all that it has said to be stored', async () => {
    let said = '';
    for (let kill = 0; kill < 20; kill += 1) {
      const child = spawn(process.execPath, [writer, compiled, folder, String(length)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const closed = once(child, 'close');
      child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
      await once(child.stdout, 'data');
      await sleep(Math.random() * 30);
      child.kill('SIGKILL');
      await closed;
      said = said.slice(0, said.lastIndexOf('\n') + 1);
    }
    const seen = new Set<string>();
    for (const byte of [1, 2, 3, 4]) {
      const whole = Buffer.alloc(length, byte);
      for (const name of await readdir(join(folder, String(byte)))) {
        const content = await readFile(join(folder, String(byte), name));
        expect(content.equals(whole), name).toBe(true);
        seen.add(`${byte}/${name}`);
      }
    }
    const stored = said.split('\n').filter(Boolean);
    expect(stored.length).toBeGreaterThan(19);
    expect(stored.filter((key) => !seen.has(key))).toEqual([]);
    // It was killed in the middle of something: what it had begun lies where nobody looks.
    expect((await readdir(join(folder, '.unfinished'))).length).toBeGreaterThan(0);
  });
});

describe('S3-compatible storage', () => {
  let server: S3Server;
  const stores: ReturnType<typeof createS3Store>[] = [];
  const limits = { attempts: 4, attemptMs: 10_000, idleMs: 10_000, pauses: { first: 500, longest: 4_000 } };
  const connect = (given: Partial<S3Server['settings']> = {}, more: Partial<typeof limits> = {}) => {
    const store = createS3Store({ ...server.settings, ...given }, { ...limits, ...more });
    stores.push(store);
    return store;
  };

  beforeAll(async () => {
    server = await startS3Server();
  });
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
  });
  afterAll(() => server.close());

  it.each([
    ['another secret', { secretAccessKey: 'another-secret-of-nobody' }, /it answers 403 SignatureDoesNotMatch$/],
    ['another key', { accessKeyId: 'nobody' }, /it answers 404 \w+$/],
    ['another region', { region: 'us-west-2' }, /it answers 400 AuthorizationHeaderMalformed$/],
    ['another bucket', { bucket: 'not-there' }, /it answers 404 NoSuchBucket$/],
  ])('refuses %s, and the error says so without address and credentials', async (_, given, expected) => {
    const store = connect(given);
    const { url, bucket, accessKeyId, secretAccessKey } = { ...server.settings, ...given };
    for (const attempt of [
      () => store.put(newFileKey(), Buffer.from('text'), 'text/plain'),
      () => store.get(newFileKey()),
      () => store.delete(newFileKey()),
    ]) {
      const error = (await attempt().catch((thrown: unknown) => thrown)) as Error;
      expect(error).toMatchObject({ code: 'files_unavailable' });
      expect(error.message).toMatch(expected);
      for (const secret of [new URL(url).host, bucket, accessKeyId, secretAccessKey])
        expect(error.message).not.toContain(secret);
    }
  });

  it('that is killed is unavailable, waited for a while, and there again with its files', async () => {
    const key = newFileKey();
    const store = connect();
    await store.put(key, Buffer.from('text'), 'text/plain');
    await server.kill();
    await expect(connect({}, { attempts: 1 }).get(key)).rejects.toMatchObject({
      code: 'files_unavailable',
      message: 'The file store cannot read a file: ECONNREFUSED',
    });
    const other = newFileKey();
    const [, found] = await Promise.all([
      server.start(),
      store.get(key),
      store.put(other, Buffer.from('text'), 'text/plain'),
    ]);
    expect(found?.size).toBe(4);
    expect((await store.get(other))?.size).toBe(4);
  });
});
