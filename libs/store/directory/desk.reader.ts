/** What actions read of teams and desks. */
import type { Connection } from 'mongoose';
import type { DirectoryActions } from '#libs/domain/directory/directory.ts';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import { findById } from '../mongo/by-id.ts';
import { deskKey, deskModel, teamModel } from './directory.models.ts';
import { listBrands, forBrand, known, listNames } from './named-records.ts';

export function createDeskReader(connection: Connection): Pick<DirectoryActions, 'teams' | 'desk'> {
  const teams = teamModel(connection);
  const desks = deskModel(connection);

  return {
    async teams() {
      return (await teams.find().sort({ _id: 1 }).lean()).map(({ _id, ...team }) => team);
    },

    async desk(code, brand) {
      for (const one of listBrands(brand)) {
        const document = await findById(desks, deskKey(code, one));
        if (document === null) continue;
        const { _id, ...desk } = document;
        return desk;
      }
      const all = (await desks.find().lean()).map((desk) => ({ ...desk, name: desk.code }));
      throw new PermanentError(
        'desk_not_found',
        `There is no desk "${code}"${forBrand(brand)}; ${known(listNames(all, brand))}. Load it with "signalbox directory apply".`,
      );
    },
  };
}
