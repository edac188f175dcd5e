import type { Request } from 'express';

/**
 * How the addresses of this API begin, without a slash at the end.
 * @param publicUrl API_PUBLIC_URL; where it is not set, the address is the one that the request came to
 */
export function publicBase(publicUrl: string | undefined, request: Request): string {
  return (publicUrl ?? `${request.protocol}://${request.headers.host ?? ''}`).replace(/\/+$/, '');
}
