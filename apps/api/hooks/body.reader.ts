/** Reads bodies of incoming webhooks, which may be large: each up to a limit, and all that are read at once up to another. */
import type { Request, Response } from 'express';
import { readBytes } from '../http/read-bytes.ts';
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
   * @throws HookError `unavailable`; ApiError as `readBytes`
   */
  read(request: Request, response: Response): Promise<Buffer> {
    let own = 0;
    response.once('close', () => (this.#held -= own));
    return readBytes(request, this.#limits.maxBodyBytes, (size) => {
      if (size <= own) return null;
      if (this.#held + size - own > this.#limits.maxBodyBytesAtOnce) return busy();
      this.#held += size - own;
      own = size;
      return null;
    });
  }
}

function busy(): HookError {
  const message = 'Too many large bodies are being read (HOOKS_MAX_BODY_BYTES_AT_ONCE): send the same again';
  return new HookError('unavailable', message, 1);
}
