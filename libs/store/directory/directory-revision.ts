/** A counter that grows after every change of an account or group, so that caches of them know when they are stale. */
import type { Connection } from 'mongoose';
import { collectionOf } from '../model.ts';
import { revisionModel } from '../revision.model.ts';

export interface DirectoryRevision {
  current(): Promise<number>;
  /** To be called after the change: a reader that sees the new revision must find the change. */
  advance(): Promise<number>;
}

export function createDirectoryRevision(connection: Connection): DirectoryRevision {
  const revisions = collectionOf(revisionModel(connection));
  return {
    async current() {
      return (await revisions.findOne({ _id: 'directory' }))?.n ?? 0;
    },
    async advance() {
      const document = await revisions.findOneAndUpdate(
        { _id: 'directory' },
        { $inc: { n: 1 } },
        { upsert: true, returnDocument: 'after' },
      );
      return document!.n;
    },
  };
}
