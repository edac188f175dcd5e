import { ApiError } from '../http/api.error.ts';
import type { RateLimit } from './rate-limiter.ts';

/** @throws ApiError 429 `too_many_requests` */
export function refuseBeyond(limit: RateLimit, key: string, count: number): void {
  const seconds = limit.take(key, count);
  if (seconds === null) return;
  throw new ApiError(429, 'too_many_requests', `Too many requests: try again in ${seconds} s.`, [], seconds);
}
