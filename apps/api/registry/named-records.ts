/** The records of the directory that rules may name. */
import type { DirectoryData } from '#libs/store/directory/directory.admin.ts';

export type NamedRecords = Pick<
  DirectoryData,
  'groups' | 'managers' | 'teams' | 'desks' | 'statuses' | 'templates' | 'endpoints'
>;
