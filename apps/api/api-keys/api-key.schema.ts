/** API keys as the API answers with them; the keys themselves are shown once. */
import { z } from 'zod';
import { nextCursor, time } from '../openapi/shared.schema.ts';

const apiKeySchema = z
  .object({
    api_key_id: z.string(),
    name: z.string(),
    role: z.string(),
    brands: z.array(z.string()).nullable().meta({ description: 'The only brands it may see; null = all' }),
    created_at: time,
    created_by: z.string(),
    expires_at: time.nullable(),
    revoked_at: time.nullable(),
    revoked_by: z.string().nullable(),
  })
  .meta({ id: 'ApiKey' });

export const apiKeyAnswer = z.object({ api_key: apiKeySchema });
export const apiKeysAnswer = z.object({ api_keys: z.array(apiKeySchema), next_cursor: nextCursor });
export const newApiKeyAnswer = z.object({
  api_key: apiKeySchema,
  key: z.string().meta({ description: 'The key itself; it is never shown again' }),
});
