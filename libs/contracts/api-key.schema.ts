/** Requests about API keys. */
import { z } from 'zod';
import { ruleLimits } from '#libs/domain/rules/rule-limits.ts';
import { line } from './line.ts';
import { oneOfText, page, time } from './list-query.schema.ts';
import { managerRoles } from './session.schema.ts';

const maxNameLength = 200;
const maxBrands = 100;

export const addApiKeyBody = z
  .strictObject({
    name: line(maxNameLength),
    role: oneOfText(managerRoles),
    /** Left out or null: all that its maker may see. */
    brands: z
      .array(line(ruleLimits.brand))
      .min(1, 'must name one at least')
      .max(maxBrands, `must be ${maxBrands} or fewer`)
      .nullish(),
    /** Left out or null: until it is revoked. */
    expires_at: time.nullish(),
  })
  .meta({ examples: [{ name: 'nightly import', role: 'SESSION_ADMIN', brands: ['alpha'] }] });
export const apiKeysQuery = z.strictObject({ ...page });

export type AddApiKeyBody = z.output<typeof addApiKeyBody>;
export type ApiKeysQuery = z.output<typeof apiKeysQuery>;
