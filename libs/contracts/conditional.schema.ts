/** Parts of a contract that hold under a condition only: JSON Schema says them by `if` and `then`, zod has no word. */
import type { z } from 'zod';

/** What is as `where` says has to be as `holds` says, too. */
export interface Condition {
  where: z.ZodType;
  holds: z.ZodType;
}

const conditions = new WeakMap<z.core.$ZodType, readonly Condition[]>();

/** @param meta of the schema that is returned: an `id` makes it a component of that name */
export function withConditions<Schema extends z.ZodType>(
  schema: Schema,
  list: readonly Condition[],
  meta: z.core.GlobalMeta = {},
): Schema {
  const checked = schema
    .superRefine((value, context) => {
      for (const { where, holds } of list) {
        if (!where.safeParse(value).success) continue;
        for (const { path, message } of holds.safeParse(value).error?.issues ?? []) {
          context.addIssue({ code: 'custom', path, message });
        }
      }
    })
    .meta(meta);
  conditions.set(checked, list);
  return checked;
}

export function conditionsOf(schema: z.core.$ZodType): readonly Condition[] {
  return conditions.get(schema) ?? [];
}
