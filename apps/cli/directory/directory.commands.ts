/** `signalbox directory …` */
import { Argument, type Command } from '@commander-js/extra-typings';
import { DirectoryEditor } from '#libs/directory/directory-editor.ts';
import {
  directoryKinds as kinds,
  type DirectoryData,
  type DirectoryKind,
} from '#libs/domain/directory/directory-data.ts';
import { authorName } from '../author-name.ts';
import { InvalidError } from '../cli-error.ts';
import { byOption, jsonOption, type Tools } from '../command.ts';
import { fileOption, readInputFiles } from '../input-files.ts';
import { table, type Cell } from '../table.ts';
import { readDirectory } from './directory-files.ts';

export function addDirectoryCommands(group: Command, tools: Tools): void {
  const { store, out, audited } = tools;
  group
    .command('apply')
    .argument('[files...]')
    .description(
      `Load accounts, customers, managers, templates and the like from files

A file holds lists named ${kinds.join(', ')}, as YAML or (ending in .json) as JSON.
Records are added, and the given fields of known ones set; nothing is removed.
Every issue is listed as file: place: sentence, and nothing is stored while there is one.`,
    )
    .addOption(fileOption)
    .addOption(byOption)
    .action(async (files, { file = [], by }) => {
      const documents = await readInputFiles([...file, ...files], tools);
      const { data, issues } = readDirectory(documents);
      if (issues.length > 0) throw new InvalidError('Nothing was stored.', issues);
      const { directory } = await store();
      const loaded = await new DirectoryEditor({ directory, audited }).load(authorName(by), data);
      out(`loaded ${loaded.join(', ')}`);
    });

  group
    .command('list')
    .addArgument(new Argument('<kind>').choices(kinds))
    .description(`List the directory's ${kinds.join(', ')}`)
    .addOption(jsonOption)
    .action(async (kind, { json }) => {
      const records = await (await store()).directory.listAll(kind);
      out(json ? JSON.stringify(records) : tables[kind](records as never));
    });
}

type Column<Item> = [heading: string, value: (item: Item) => Cell];

function buildTable<Item>(columns: Column<Item>[]): (items: Item[]) => string {
  return (items) =>
    table(
      columns.map(([heading]) => heading),
      items.map((item) => columns.map(([, value]) => value(item))),
    );
}

const everyBrand = 'every brand';

/** Most logins shown of a customer: a person reads the row. `--json` has all of them. */
const loginsShown = 10;

function loginsText(logins: number[]): string {
  const more = logins.length - loginsShown;
  return [...logins.slice(0, loginsShown), ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}

const tables: { [Kind in DirectoryKind]: (items: DirectoryData[Kind]) => string } = {
  groups: buildTable([
    ['NAME', (group) => group.name],
    ['BRAND', (group) => group.brand],
  ]),
  accounts: buildTable([
    ['LOGIN', (account) => account.login],
    ['GROUP', (account) => account.group],
    ['CUSTOMER', (account) => account.customer_id],
    ['NAME', (account) => account.name],
    ['COUNTRY', (account) => account.country],
    ['ENABLED', (account) => account.enable],
    ['FROZEN', (account) => (account.frozen ? (account.frozen_reason ?? true) : null)],
  ]),
  customers: buildTable([
    ['ID', (customer) => customer.id],
    ['BRAND', (customer) => customer.brand],
    ['COUNTRY', (customer) => customer.country],
    ['ACTIVE', (customer) => customer.active],
    ['SALES STATUS', (customer) => customer.sales_status],
    ['KYC STATUS', (customer) => customer.kyc_status],
    ['RISK LEVEL', (customer) => customer.risk_level],
    ['RETENTION', (customer) => customer.retention_status],
    ['MANAGER', (customer) => customer.assigned_manager_id ?? customer.manager_id],
    ['TEAM', (customer) => customer.team_id],
    ['DESK', (customer) => customer.desk],
    ['LOGINS', ({ logins = [] }) => loginsText(logins)],
  ]),
  managers: buildTable([
    ['ID', (manager) => manager.id],
    ['NAME', (manager) => manager.name],
    ['ENABLED', (manager) => manager.enabled],
    ['BRANDS', (manager) => manager.brands?.join(', ') ?? everyBrand],
  ]),
  teams: buildTable([
    ['ID', (team) => team.id],
    ['NAME', (team) => team.name],
    ['PARENT', (team) => team.parent_id],
    ['AGENTS', (team) => team.agent_ids?.join(', ')],
  ]),
  desks: buildTable([
    ['CODE', (desk) => desk.code],
    ['BRAND', (desk) => desk.brand ?? everyBrand],
    ['NAME', (desk) => desk.name],
    ['TEAM', (desk) => desk.team_id],
    ['MANAGER', (desk) => desk.manager_id],
  ]),
  statuses: buildTable([
    ['TYPE', (status) => status.type],
    ['ID', (status) => status.id],
    ['CODE', (status) => status.code],
    ['LABEL', (status) => status.label],
    ['BRAND', (status) => status.brand ?? everyBrand],
  ]),
  templates: buildTable([
    ['CHANNEL', (template) => template.channel],
    ['CODE', (template) => template.code],
    ['LANGUAGE', (template) => template.language ?? 'any'],
    ['BRAND', (template) => template.brand ?? everyBrand],
    ['SUBJECT', (template) => template.subject],
    ['PARTS', (template) => [template.html && 'html', template.text && 'text'].filter(Boolean).join(', ')],
  ]),
  // Masked by the store: secrets of an endpoint are never shown.
  endpoints: buildTable([
    ['NAME', (endpoint) => endpoint.name],
    ['BRAND', (endpoint) => endpoint.brand ?? everyBrand],
    ['URL', (endpoint) => endpoint.url],
    ['HEADERS', (endpoint) => Object.keys(endpoint.headers ?? {}).join(', ')],
    ['SIGNED', (endpoint) => endpoint.secret !== undefined],
  ]),
  users: buildTable([
    ['ID', (user) => user.id],
    ['USERNAME', (user) => user.username],
    ['NAME', (user) => user.name],
    ['ENABLED', (user) => user.enabled],
    ['BRANDS', (user) => user.brands?.join(', ') ?? everyBrand],
    ['ROLE', (user) => user.role],
    ['DELEGATES', (user) => user.delegates?.join(', ')],
  ]),
  user_groups: buildTable([
    ['CODE', (group) => group.code],
    ['NAME', (group) => group.name],
    ['RIGHT', (group) => (group.may_cancel ? `${group.right}, may cancel` : group.right)],
    ['FOLDERS', (group) => group.folders?.join(', ')],
    ['USERS', (group) => group.users.join(', ')],
  ]),
};
