import { z } from 'zod';

/** One line that the store can hold. @param longest in characters */
export const line = (longest: number) =>
  z
    .string()
    .min(1, 'must not be empty')
    .max(longest, `must not be longer than ${longest} characters`)
    .refine((value) => !/[\p{Cc}\p{Cs}]/u.test(value), 'must not hold control characters')
    .meta({ pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]*$' });
