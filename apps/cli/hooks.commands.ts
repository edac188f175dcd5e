/** `signalbox hooks create|list|show|update|enable|disable|regenerate|delete` */
import type { Command } from '@commander-js/extra-typings';
import type { WebhookApplication } from '#libs/domain/hooks/webhook-application.ts';
import { ApplicationAdmin, hookUrl, type ApplicationChange, type WithToken } from '#libs/hooks/application-admin.ts';
import { authorName } from './author-name.ts';
import { byOption, cursorOption, jsonOption, limitOption, type Tools } from './command.ts';
import { details, table } from './table.ts';

export function addHookCommands(hooks: Command, tools: Tools): void {
  const { out, note } = tools;

  hooks
    .command('create')
    .argument('<name>', 'what it is for')
    .description(
      `Make an incoming webhook application

Its URL, whose last part is the token, is shown once: anyone who has it may do what the user may. docs/hooks.md tells how
operations are posted.`,
    )
    .option('--description <text>')
    .option('--user <username>', 'in whose name operations are executed (default: HOOKS_DEFAULT_USERNAME)')
    .option('--disabled', 'it is not there until it is enabled')
    .addOption(byOption)
    .addOption(jsonOption)
    .action(async (name, { description, user, disabled, by, json }) => {
      const draft = await readDraft({ name, description, impersonate_username: user, enabled: disabled !== true });
      const made = await (await openAdmin(tools)).create(authorName(by), draft);
      showToken(tools, made, json);
    });

  hooks
    .command('list')
    .description('List incoming webhook applications, newest first')
    .addOption(limitOption(500))
    .addOption(cursorOption)
    .addOption(jsonOption)
    .action(async ({ limit, cursor, json }) => {
      const page = { limit, ...(cursor !== undefined && { cursor }) };
      const { items, nextCursor } = await (await openAdmin(tools)).list(page);
      if (json) return out(JSON.stringify({ applications: items, next_cursor: nextCursor }));
      const rows = items.map((one) => [one.application_id, statusText(one), one.name, one.impersonate_username]);
      out(table(['APPLICATION', 'STATUS', 'NAME', 'USER'], rows));
      if (nextCursor !== null) note(`\nmore: --cursor ${nextCursor}`);
    });

  hooks
    .command('show')
    .argument('<id>', 'of an application')
    .description('Show an incoming webhook application; never its token')
    .addOption(jsonOption)
    .action(async (id, { json }) => {
      const found = await (await openAdmin(tools)).get(id);
      out(json ? JSON.stringify(found) : applicationText(found));
    });

  hooks
    .command('update')
    .argument('<id>', 'of an application')
    .description('Change an incoming webhook application; what is left out stays as it is')
    .option('--name <name>')
    .option('--description <text>')
    .option('--user <username>', 'in whose name operations are executed')
    .option('--default-user', 'in the name of HOOKS_DEFAULT_USERNAME')
    .addOption(byOption)
    .addOption(jsonOption)
    .action(async (id, { name, description, user, defaultUser, by, json }) => {
      const username = defaultUser === true ? null : user;
      const change = await readChange({ name, description, impersonate_username: username });
      const changed = await (await openAdmin(tools)).update(authorName(by), id, change, null);
      out(json ? JSON.stringify(changed) : applicationText(changed));
    });

  const addSwitch = (verb: 'enable' | 'disable', description: string): void => {
    hooks
      .command(verb)
      .argument('<id>', 'of an application')
      .description(description)
      .addOption(byOption)
      .action(async (id, { by }) => {
        const admin = await openAdmin(tools);
        out(`${statusText(await admin.setEnabled(authorName(by), id, verb === 'enable'))}: ${id}`);
      });
  };
  addSwitch('enable', 'Let an incoming webhook application be used again, under the token it has');
  addSwitch('disable', 'Answer an incoming webhook application as if it were not there');

  hooks
    .command('regenerate')
    .argument('<id>', 'of an application')
    .description(
      `Give an incoming webhook application another token, which is shown once

The one before it is refused from then on.`,
    )
    .addOption(byOption)
    .addOption(jsonOption)
    .action(async (id, { by, json }) => {
      const made = await (await openAdmin(tools)).regenerateToken(authorName(by), id);
      showToken(tools, made, json);
    });

  hooks
    .command('delete')
    .argument('<id>', 'of an application')
    .description('Delete an incoming webhook application')
    .addOption(byOption)
    .action(async (id, { by }) => {
      await (await openAdmin(tools)).delete(authorName(by), id);
      out(`deleted: ${id}`);
    });
}

async function openAdmin({ store, audited }: Tools): Promise<ApplicationAdmin> {
  const { applications, users } = await store();
  return new ApplicationAdmin({ applications, users, audited });
}

/** @throws InvalidInputError */
async function readDraft(given: object) {
  const { readAs, withoutAbsent } = await import('./read-as.ts');
  const { addApplicationBody } = await import('#libs/contracts/webhook-application.schema.ts');
  return readAs(addApplicationBody, withoutAbsent(given));
}

/** @throws InvalidInputError */
async function readChange(given: object): Promise<ApplicationChange> {
  const { readAs, withoutAbsent } = await import('./read-as.ts');
  const { updateApplicationBody } = await import('#libs/contracts/webhook-application.schema.ts');
  const { name, description, impersonate_username } = readAs(updateApplicationBody, withoutAbsent(given));
  return { name, description, impersonate_username };
}

function statusText({ enabled }: WebhookApplication): string {
  return enabled ? 'enabled' : 'disabled';
}

function showToken({ config, out }: Tools, { application, token }: WithToken, json: true | undefined): void {
  const { api, hooks } = config();
  const url = hookUrl(api.publicUrl ?? `http://127.0.0.1:${api.port}`, hooks.path, token);
  if (json) out(JSON.stringify({ application, token, url }));
  else out(`${applicationText(application)}\n\nURL, secret and never shown again:\n${url}`);
}

function applicationText(application: WebhookApplication): string {
  return details([
    ['application', application.application_id],
    ['name', application.name],
    ['description', application.description],
    ['status', statusText(application)],
    ['user', application.impersonate_username ?? 'HOOKS_DEFAULT_USERNAME'],
    ['version', application.version],
    ['created', `${application.created_at} by ${application.created_by}`],
    ['updated', `${application.updated_at} by ${application.updated_by}`],
    ['token made', application.token_created_at],
  ]);
}
