/** What actions read of teams and desks. */
import type { Connection } from 'mongoose';
import type { DirectoryEffects } from '#libs/domain/directory/directory.ts';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import { findById } from '../mongo/by-id.ts';
import { collectionOf } from '../mongo/model.ts';
import { deskKey, deskModel, teamModel } from './directory.models.ts';
import { brandsOf, forBrand, known, namesOf } from './named-records.ts';

export function createDeskReader(connection: Connection): Pick<DirectoryEffects, 'teams' | 'desk'> {
  const teams = collectionOf(teamModel(connection));
  const desks = collectionOf(deskModel(connection));

  return {
    async teams() {
      return (await teams.find().sort({ _id: 1 }).toArray()).map(({ _id, ...team }) => team);
    },

    async desk(code, brand) {
      for (const one of brandsOf(brand)) {
        const document = await findById(desks, deskKey(code, one));
        if (document === null) continue;
        const { _id, ...desk } = document;
        return desk;
      }
      const all = (await desks.find().toArray()).map((desk) => ({ ...desk, name: desk.code }));
      throw new PermanentError(
        'desk_not_found',
        `There is no desk "${code}"${forBrand(brand)}; ${known(namesOf(all, brand))}. Load it with "signalbox directory apply".`,
      );
    },
  };
}
