/** Reads the body of a request as it is, up to a limit: for doors that read one only after they know who asks. */
import type { Request } from 'express';
import { ApiError } from './api.error.ts';

/**
 * @param limit bytes
 * @param onSize told the announced length, then how much has come; says why no more is to be read, or null
 * @throws ApiError 413 `too_large`, 415 `unsupported_media_type` for one that is compressed, 400 `bad_request` for one
 *   that ends before it is whole
 */
export async function readBytes(
  request: Request,
  limit: number,
  onSize: (size: number) => Error | null = () => null,
): Promise<Buffer> {
  const { 'content-encoding': encoding = 'identity', 'content-length': length = '0' } = request.headers;
  if (encoding.trim().toLowerCase() !== 'identity') {
    throw new ApiError(415, 'unsupported_media_type', 'The body is compressed: send it as it is.');
  }
  if (Number(length) > limit) throw tooLarge(limit);
  const refused = onSize(Number(length));
  if (refused !== null) throw refused;
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    const settle = (act: () => void): void => {
      request.off('data', take).off('end', end).off('error', cut).off('close', cut);
      act();
    };
    const take = (part: Buffer): void => {
      size += part.length;
      parts.push(part);
      const refusal = size > limit ? tooLarge(limit) : onSize(size);
      if (refusal !== null) settle(() => reject(refusal));
    };
    const end = (): void => settle(() => resolve(parts.length === 1 ? parts[0]! : Buffer.concat(parts)));
    const cut = (): void => settle(() => reject(new ApiError(400, 'bad_request', 'The body ends before it is whole.')));
    request.on('data', take).on('end', end).on('error', cut).on('close', cut);
  });
}

function tooLarge(limit: number): ApiError {
  return new ApiError(413, 'too_large', `The body is larger than ${limit} bytes.`);
}
