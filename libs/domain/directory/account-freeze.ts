/** A compliance freeze of an account: ours, whatever the trading platform's records say. */
export interface AccountFreeze {
  frozen?: boolean;
  frozen_reason?: string;
  /** ISO 8601 UTC. */
  frozen_at?: string;
}

const freezeFields = ['frozen', 'frozen_reason', 'frozen_at'] as const satisfies (keyof AccountFreeze)[];

/** A record of the trading platform without members of these names: it neither freezes nor unfreezes. */
export function withoutFreeze<T extends object>(record: T): T {
  if (!freezeFields.some((name) => Object.hasOwn(record, name))) return record;
  const own: ReadonlySet<string> = new Set(freezeFields);
  return Object.fromEntries(Object.entries(record).filter(([name]) => !own.has(name))) as T;
}

export function toAccountFreeze({ frozen, frozen_reason, frozen_at }: AccountFreeze): AccountFreeze {
  return {
    ...(frozen !== undefined && { frozen }),
    ...(frozen_reason !== undefined && { frozen_reason }),
    ...(frozen_at !== undefined && { frozen_at }),
  };
}

/** What happened to each account that was to be frozen; logins in order. */
export interface FreezeOutcome {
  /** Frozen by this action, on this attempt or an earlier one. */
  frozen: number[];
  /** Were frozen before. */
  already: number[];
  /** The directory has none of these. */
  unknown: number[];
}
