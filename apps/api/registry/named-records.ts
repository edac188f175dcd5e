/** The records of the directory that rules may name. */
import type { Directory } from '#libs/store/directory/directory.ts';
import type { DirectoryData } from '#libs/domain/directory/directory-data.ts';

export type NamedRecords = Pick<
  DirectoryData,
  'groups' | 'managers' | 'teams' | 'desks' | 'statuses' | 'templates' | 'endpoints'
>;

/** @throws what the directory throws */
export async function readNamedRecords(directory: Pick<Directory, 'listAll'>): Promise<NamedRecords> {
  const [groups, managers, teams, desks, statuses, templates, endpoints] = await Promise.all([
    directory.listAll('groups'),
    directory.listAll('managers'),
    directory.listAll('teams'),
    directory.listAll('desks'),
    directory.listAll('statuses'),
    directory.listAll('templates'),
    directory.listAll('endpoints'),
  ]);
  return { groups, managers, teams, desks, statuses, templates, endpoints };
}
