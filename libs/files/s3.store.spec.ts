/** How storage that answers wrongly, late or not at all is met. Signatures are checked in `test/integration/files`. */
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createS3Store, type S3Limits } from './s3.store.ts';

const secrets = { accessKeyId: 'KEY-OF-TEST', secretAccessKey: 'SECRET-OF-TEST' };
const limits: S3Limits = { attempts: 3, attemptMs: 200, idleMs: 200, pauses: { first: 1, longest: 1 } };

let server: Server | undefined;
let store: ReturnType<typeof createS3Store>;
let asked: string[];

/** @param answers one for each request; the last one again for all further ones */
async function serve(...answers: RequestListener[]): Promise<void> {
  asked = [];
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    request.resume().on('end', () => answers[Math.min(asked.length, answers.length) - 1]!(request, response));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  store = createS3Store(
    { url: `http://127.0.0.1:${port}/base/`, bucket: 'bucket', region: 'eu-1', ...secrets },
    limits,
  );
}

afterEach(async () => {
  await store.close();
  server?.closeAllConnections();
  server?.close();
});

const answer =
  (status: number, body = ''): RequestListener =>
  (_, response) =>
    void response.writeHead(status, { 'content-length': body.length }).end(body);
const error = (status: number, code: string) =>
  answer(status, `<?xml version="1.0"?><Error><Code>${code}</Code></Error>`);
const nothing: RequestListener = () => undefined;
const broken: RequestListener = (_, response) => void response.destroy();

const put = () => store.put('day/key', Buffer.from('text'), 'text/plain');
async function readAll(): Promise<string | null> {
  const found = await store.get('day/key');
  if (found === null) return null;
  let text = '';
  for await (const chunk of found.content) text += Buffer.from(chunk).toString();
  return text;
}

async function failureOf(attempt: Promise<unknown>): Promise<Error> {
  return attempt.then(
    () => expect.fail('it did not fail'),
    (thrown: Error) => thrown,
  );
}

describe('storage that answers later', () => {
  it('is asked again, by path', async () => {
    await serve(broken, error(503, 'SlowDown'), answer(200));
    await put();
    expect(asked).toEqual(Array.from({ length: 3 }, () => 'PUT /base/bucket/day/key'));
  });

  it.each([500, 502, 503, 429, 408])('is asked again after %i, and so is a file and a deletion', async (status) => {
    await serve(answer(status), answer(status), answer(200, 'text'));
    expect(await readAll()).toBe('text');
    await serve(answer(status), answer(204));
    await store.delete('day/key');
    expect(asked).toHaveLength(2);
  });

  it('is asked again when it does not answer in time', async () => {
    await serve(nothing, answer(200));
    await put();
    expect(asked).toHaveLength(2);
  });
});

describe('storage that does not do it', () => {
  it('is unavailable after three attempts, with neither address nor credentials in the error', async () => {
    for (const [listener, reason] of [
      [broken, 'UND_ERR_SOCKET'],
      [nothing, 'no answer within 200 ms'],
      [error(500, 'InternalError'), 'it answers 500 InternalError'],
      [answer(503, 'x'.repeat(1_000_000)), 'it answers 503'],
    ] as const) {
      await serve(listener);
      const failure = await failureOf(put());
      expect(failure).toMatchObject({
        code: 'files_unavailable',
        retryable: true,
        message: `The file store cannot write a file: ${reason}`,
      });
      expect(failure).not.toHaveProperty('cause');
      expect(asked).toHaveLength(3);
    }
  });

  it.each([
    [403, 'SignatureDoesNotMatch'],
    [403, 'AccessDenied'],
    [400, 'AuthorizationHeaderMalformed'],
    [301, 'PermanentRedirect'],
    [404, 'NoSuchBucket'],
    [404, 'UserNotFound'],
  ])('is unavailable at once when it refuses with %i %s', async (status, code) => {
    await serve(error(status, code));
    for (const attempt of [put, () => store.get('day/key'), () => store.delete('day/key')])
      expect((await failureOf(attempt())).message).toMatch(new RegExp(`: it answers ${status} ${code}$`));
    expect(asked).toHaveLength(3);
  });

  it('is not followed elsewhere', async () => {
    await serve((_, response) => void response.writeHead(307, { location: '/elsewhere' }).end());
    await expect(put()).rejects.toMatchObject({ message: 'The file store cannot write a file: it answers 307' });
    expect(asked).toHaveLength(1);
  });

  it('quotes nothing of an answer but a code', async () => {
    await serve(error(403, '<script>'), error(403, 'a'.repeat(100)));
    expect((await failureOf(put())).message).toMatch(/it answers 403$/);
    expect((await failureOf(put())).message).toMatch(/it answers 403$/);
  });

  it('has not stored a file that it knows nothing of', async () => {
    await serve(error(404, 'NoSuchKey'));
    await expect(put()).rejects.toMatchObject({ code: 'files_unavailable' });
    expect(await store.get('day/key')).toBeNull();
    await store.delete('day/key');
  });
});

describe('an answer without an end', () => {
  const endless =
    (status: number, headers = {}): RequestListener =>
    (_, response) => {
      response.writeHead(status, headers);
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(10_000)));
      };
      response.on('drain', more).on('close', () => (closed += 1));
      more();
    };
  let closed: number;
  beforeEach(() => {
    closed = 0;
  });

  it('is not read on for its error', async () => {
    await serve(endless(403));
    await expect(put()).rejects.toMatchObject({ message: 'The file store cannot write a file: it answers 403' });
    await expect.poll(() => closed).toBe(1);
  });

  it('is let go when nobody reads the file', async () => {
    await serve(endless(200, { 'content-length': 1_000_000_000 }));
    const found = await store.get('day/key');
    await found!.content[Symbol.asyncIterator]().return?.();
    await expect.poll(() => closed).toBe(1);
  });
});

describe('a file that does not come whole', () => {
  it.each([
    [
      'breaks off',
      (_, response) => void response.writeHead(200, { 'content-length': 10 }).write('text', () => response.destroy()),
    ],
    ['stops', (_, response) => void response.writeHead(200, { 'content-length': 10 }).write('text')],
  ] as [string, RequestListener][])('is an error when it %s', async (_, listener) => {
    await serve(listener);
    await expect(readAll()).rejects.toMatchObject({ code: 'files_unavailable', retryable: true });
  });

  it('is an error when nobody says how long it is', async () => {
    await serve((_, response) => void response.writeHead(200, { 'transfer-encoding': 'chunked' }).end('text'));
    await expect(readAll()).rejects.toMatchObject({ code: 'files_unavailable' });
  });
});
