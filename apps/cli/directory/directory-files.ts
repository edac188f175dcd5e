/** Directory records out of files: every file checked, and nothing given twice. */
import { readDirectoryFile, type DirectoryFile } from '#libs/contracts/directory.schema.ts';
import type { InputDocument } from '../input-files.ts';

export interface DirectoryFiles {
  data: DirectoryFile;
  /** `file: path: sentence`, one for each issue. */
  issues: string[];
}

const keys: { [Kind in keyof DirectoryFile]: (record: DirectoryFile[Kind][number]) => string | number } = {
  groups: (group) => group.name,
  accounts: (account) => account.login,
  customers: (customer) => customer.id,
  managers: (manager) => manager.id,
  teams: (team) => team.id,
  desks: ({ code, brand }) => named(code, brand),
  statuses: (status) => status.id,
  templates: ({ channel, code, language, brand }) => named(channel, code, language?.toLowerCase(), brand),
  endpoints: ({ name, brand }) => named(name, brand),
  users: (user) => user.id,
  user_groups: (group) => group.code,
};

/** Of a record that several fields tell from others, for people. */
function named(...parts: (string | undefined)[]): string {
  return parts.map((part) => part ?? '-').join(' ');
}

export function readDirectory(documents: InputDocument[]): DirectoryFiles {
  const data: DirectoryFile = {
    groups: [],
    accounts: [],
    customers: [],
    managers: [],
    teams: [],
    desks: [],
    statuses: [],
    templates: [],
    endpoints: [],
    users: [],
    user_groups: [],
  };
  const issues: string[] = [];
  const places = new Map<string, string>();

  const take = <Kind extends keyof DirectoryFile>(kind: Kind, source: string, file: DirectoryFile): void => {
    const records: DirectoryFile[Kind][number][] = file[kind];
    records.forEach((record, index) => {
      const key = keys[kind](record);
      const place = `${source}: ${kind}[${index}]`;
      // 7 and "7" are two ids.
      const entry = JSON.stringify([kind, key]);
      const other = places.get(entry);
      if (other === undefined) places.set(entry, place);
      else issues.push(`${place}: "${key}" is given by ${other} too`);
    });
    (data[kind] as DirectoryFile[Kind][number][]).push(...records);
  };

  for (const { source, content } of documents) {
    const { data: file, problems } = readDirectoryFile(content);
    issues.push(...problems.map(({ path, message }) => `${source}: ${path === '' ? '' : `${path}: `}${message}`));
    if (file === null) continue;
    for (const kind of Object.keys(keys) as (keyof DirectoryFile)[]) take(kind, source, file);
  }
  return { data, issues: [...issues, ...linkIssues(data)] };
}

/** A login belongs to one customer, whichever side says so. */
function linkIssues({ accounts, customers }: DirectoryFile): string[] {
  const owners = new Map<number, string>();
  for (const { login, customer_id } of accounts) if (customer_id !== undefined) owners.set(login, customer_id);
  return customers.flatMap(({ id, logins = [] }) =>
    logins.flatMap((login) => {
      const owner = owners.get(login) ?? id;
      owners.set(login, owner);
      return owner === id ? [] : [`login ${login} is given to customer "${owner}" and to customer "${id}"`];
    }),
  );
}
