/**
 * Statuses of the directory, remembered by this process for a second: every action that sets one asks for them, and
 * people change them a few times a year. One that is not among them is looked for again, so a new one is known at once;
 * one that was changed or removed counts as before for that second.
 */
import type { Connection } from 'mongoose';
import type { Status, StatusKind } from '#libs/domain/directory/directory.ts';
import { statusModel } from './directory.models.ts';

const freshMs = 1000;

export interface StatusCache {
  /** All of a kind, or the result of `find` in them: asked again, with what the store holds now, when it is undefined. */
  find<T>(kind: StatusKind, find: (statuses: Status[]) => T | undefined): Promise<T | undefined>;
  /** What the store holds now. */
  all(kind: StatusKind): Promise<Status[]>;
}

export function createStatusCache(connection: Connection, now: () => number = Date.now): StatusCache {
  const model = statusModel(connection);
  const cached = new Map<StatusKind, { statuses: Status[]; readAt: number }>();

  const all = async (kind: StatusKind): Promise<Status[]> => {
    const readAt = now();
    const statuses = await model.find({ type: kind }).lean();
    cached.set(kind, { statuses, readAt });
    return statuses;
  };

  return {
    all,
    async find(kind, find) {
      const known = cached.get(kind);
      const found = known !== undefined && now() - known.readAt < freshMs ? find(known.statuses) : undefined;
      return found ?? find(await all(kind));
    },
  };
}
