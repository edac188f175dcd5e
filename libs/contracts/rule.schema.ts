/** Bodies of requests about rules. What a rule has to be like is said by `libs/domain/validate-rule.ts` alone. */
import { z } from 'zod';

export const validationBody = z.strictObject({ rule: z.unknown() });
export type ValidationBody = z.infer<typeof validationBody>;
