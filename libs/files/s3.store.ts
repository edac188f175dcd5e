/**
 * Files in S3-compatible storage: three requests, addressed by path, signed with Signature Version 4. Each of them may be
 * sent again: what lies under a key never changes.
 */
import { AwsV4Signer } from 'aws4fetch';
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request, type Dispatcher } from 'undici';
import { backoff, type Pauses } from '#libs/async/backoff.ts';
import type { FileStore } from '#libs/domain/hooks/file-store.ts';
import { checkFileKey } from './file-key.ts';
import { codeOf, filesUnavailable } from './files.errors.ts';
import { readContent } from './read-content.ts';

export interface S3Settings {
  /** Its address, without the bucket. */
  url: string;
  bucket: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
}

export interface S3Limits {
  attempts: number;
  /** Until an attempt has its answer, in milliseconds; the content of a file may then take longer. */
  attemptMs: number;
  /** Between two chunks of a file, in milliseconds. */
  idleMs: number;
  /** Milliseconds between two attempts; each pause is twice the one before. */
  pauses: Pauses;
}

const usualLimits: S3Limits = {
  attempts: 3,
  attemptMs: 30_000,
  idleMs: 30_000,
  pauses: { first: 200, longest: 2_000 },
};

const connectMs = 5_000;
/** What is read of an answer that is no file, for the code of its error. */
const maxErrorBytes = 16_384;

type Answer = Dispatcher.ResponseData;
type Method = 'PUT' | 'GET' | 'DELETE';

export function createS3Store(
  settings: S3Settings,
  limits: S3Limits = usualLimits,
): FileStore & { close(): Promise<void> } {
  const agent = new Agent({
    connect: { timeout: connectMs },
    // The time of the attempt covers it.
    headersTimeout: 0,
    bodyTimeout: limits.idleMs,
  });
  const base = `${settings.url.replace(/\/+$/, '')}/${settings.bucket}`;
  const signingKeys = new Map<string, ArrayBuffer>();

  async function send(method: Method, key: string, headers: Record<string, string>, body?: Uint8Array) {
    const { bucket: _bucket, ...credentials } = settings;
    const signed = await new AwsV4Signer({
      ...credentials,
      method,
      url: `${base}/${key}`,
      service: 's3',
      headers: { ...headers, 'x-amz-content-sha256': sha256(body ?? '') },
      cache: signingKeys,
    }).sign();
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), limits.attemptMs);
    try {
      const answer = await request(signed.url, {
        method,
        headers: Object.fromEntries(signed.headers),
        body: body ?? null,
        dispatcher: agent,
        signal: timeout.signal,
      });
      // Its reader is told of its errors; those after that matter to no one.
      answer.body.on('error', () => undefined);
      return answer;
    } catch (error) {
      throw new Failure(timeout.signal.aborted ? `no answer within ${limits.attemptMs} ms` : codeOf(error), true);
    } finally {
      clearTimeout(timer);
    }
  }

  /** @returns null when there is no such file */
  async function ask<T>(
    what: string,
    attempt: () => Promise<Answer>,
    take: (answer: Answer) => Promise<T>,
  ): Promise<T | null> {
    const pauses = backoff(limits.pauses);
    for (let left = limits.attempts - 1; ; left -= 1) {
      try {
        const answer = await attempt();
        if (answer.statusCode >= 200 && answer.statusCode <= 299) return await take(answer);
        const code = await errorCode(answer);
        // Also a bucket, or the caller, may be unknown.
        if (answer.statusCode === 404 && code === 'NoSuchKey') return null;
        throw new Failure(`it answers ${answer.statusCode} ${code}`.trim(), mayPass(answer.statusCode));
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        if (left === 0 || !error.mayPass) throw filesUnavailable(what, error.message);
      }
      await sleep(pauses.next().value);
    }
  }

  return {
    async put(key, content, contentType) {
      checkFileKey(key);
      const what = 'write a file';
      const stored = await ask(what, () => send('PUT', key, { 'content-type': contentType }, content), dump);
      if (stored === null) throw filesUnavailable(what, 'it answers 404 NoSuchKey');
    },

    async get(key) {
      checkFileKey(key);
      return ask('read a file', () => send('GET', key, { 'accept-encoding': 'identity' }), open);
    },

    async delete(key) {
      checkFileKey(key);
      await ask('delete a file', () => send('DELETE', key, {}), dump);
    },

    // Not `close`: that would wait for files that a reader has begun.
    close: () => agent.destroy(),
  };
}

/** An attempt that came to nothing. Its message holds no address. */
class Failure extends Error {
  readonly mayPass: boolean;

  constructor(message: string, mayPass: boolean) {
    super(message);
    this.mayPass = mayPass;
  }
}

/** 409: others change what this request does, too. */
function mayPass(status: number): boolean {
  return status >= 500 || [408, 409, 425, 429].includes(status);
}

async function open({ headers, body }: Answer): Promise<{ size: number; content: AsyncIterable<Uint8Array> }> {
  const size = Number(headers['content-length'] ?? Number.NaN);
  if (Number.isSafeInteger(size)) {
    return {
      size,
      content: readContent(
        size,
        () => Promise.resolve(body),
        () => void body.destroy(),
      ),
    };
  }
  body.destroy();
  throw new Failure('it does not say how long a file is', false);
}

async function dump({ body }: Answer): Promise<true> {
  await readBeginning(body);
  return true;
}

/** @returns such as `NoSuchBucket`, or nothing */
async function errorCode({ body }: Answer): Promise<string> {
  return /<Code>([A-Za-z0-9.]{1,60})<\/Code>/.exec(await readBeginning(body))?.[1] ?? '';
}

async function readBeginning(body: Answer['body']): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= maxErrorBytes) break;
    }
  } catch (error) {
    throw new Failure(codeOf(error), true);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}
