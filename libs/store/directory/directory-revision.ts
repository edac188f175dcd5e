/**
 * A counter that grows with every change of an account or group, and for each of its latest steps which accounts
 * changed, so that caches drop those and keep the others.
 */
import { Schema, type Connection } from 'mongoose';
import type { DirectoryChanges } from '#libs/domain/directory/directory.ts';
import { findById, findByIds, insertNew } from '../mongo/by-id.ts';
import { nullable, required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';
import { revisionModel } from '../mongo/revision.model.ts';

export interface DirectoryRevision {
  /** @param revision null: none is known */
  since(revision: number | null): Promise<DirectoryChanges>;
  /**
   * To be called after the change: a reader that sees the new revision must find the change.
   * @param logins accounts that changed; null: groups, or more than can be named
   */
  advance(logins: number[] | null): Promise<void>;
}

const schema = Schema.create(
  {
    /** The revision that the change led to. */
    _id: required(Number),
    logins: nullable<number[]>([Number]),
  },
  schemaOptions,
);

/** Changes that a reader may be behind before it drops everything. */
const maxBehind = 100;
/** Changes that are kept. */
const kept = 1000;
/** Accounts that one change names. */
const maxLogins = 1000;

export const directoryChangeModel = defineModel('directory_changes', schema);

export function createDirectoryRevision(connection: Connection): DirectoryRevision {
  const revisions = revisionModel(connection);
  const changes = directoryChangeModel(connection);
  return {
    async since(revision) {
      const now = (await findById(revisions, 'directory'))?.n ?? 0;
      if (now === revision) return { revision: now, logins: [] };
      const behind = revision === null ? Infinity : now - revision;
      if (behind < 0 || behind > maxBehind) return { revision: now, logins: null };
      const found = await findByIds(
        changes,
        Array.from({ length: behind }, (_, index) => now - index),
      );
      const logins: number[] = [];
      // One that is missing is being inserted at this moment.
      if (found.size < behind) return { revision: now, logins: null };
      for (const change of found.values()) {
        if (change.logins === null) return { revision: now, logins: null };
        logins.push(...change.logins);
      }
      return { revision: now, logins };
    },

    async advance(logins) {
      const update = { $inc: { n: 1 } };
      const options = { upsert: true, returnDocument: 'after' } as const;
      const { n } = await revisions.findOneAndUpdate({ _id: 'directory' }, update, options).lean();
      const named = logins !== null && logins.length <= maxLogins ? logins : null;
      await insertNew(changes, [{ _id: n, logins: named }]);
      if (n > kept) await changes.deleteOne({ _id: n - kept });
    },
  };
}
