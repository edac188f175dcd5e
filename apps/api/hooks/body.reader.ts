/** Reads bodies of incoming webhooks, which may be large: each up to a limit, and all that are read at once up to another. */
import type { Request, Response } from 'express';
import { HookError } from './hook.error.ts';

export interface BodyLimits {
  maxBodyBytes: number;
  maxBodyBytesAtOnce: number;
}

export class BodyReader {
  readonly #limits: BodyLimits;
  /** Bytes that requests hold, or have announced. */
  #held = 0;

  constructor(limits: BodyLimits) {
    this.#limits = limits;
  }

  /**
   * The bytes count until the request has been answered.
   * @throws HookError `too_large`, `unavailable`, `unsupported_media_type`, `bad_request` for a body that was cut off
   */
  async read(request: Request, response: Response): Promise<Buffer> {
    const { maxBodyBytes } = this.#limits;
    const { 'content-encoding': encoding = 'identity', 'content-length': announced = '0' } = request.headers;
    if (encoding.trim().toLowerCase() !== 'identity') {
      throw new HookError('unsupported_media_type', 'The body must not be compressed');
    }
    const length = Number(announced);
    if (length > maxBodyBytes) throw tooLarge(maxBodyBytes);
    let own = 0;
    const hold = (bytes: number): void => {
      if (this.#held + bytes > this.#limits.maxBodyBytesAtOnce) throw busy();
      this.#held += bytes;
      own += bytes;
    };
    response.once('close', () => (this.#held -= own));
    hold(length);
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of bytesOf(request)) {
      size += chunk.length;
      if (size > maxBodyBytes) throw tooLarge(maxBodyBytes);
      if (size > own) hold(size - own);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, size);
  }
}

/** Leaves the request open when the reader stops, so that it can still be answered. */
async function* bytesOf(request: Request): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
  } catch (error) {
    if (request.destroyed && !request.complete) throw new HookError('bad_request', 'The body was cut off');
    throw error;
  }
}

function tooLarge(most: number): HookError {
  return new HookError('too_large', `The body is larger than ${most} bytes (HOOKS_MAX_BODY_BYTES)`);
}

function busy(): HookError {
  const message = 'Too many large bodies are being read (HOOKS_MAX_BODY_BYTES_AT_ONCE): send the same again';
  return new HookError('unavailable', message, 1);
}
