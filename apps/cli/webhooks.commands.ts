/** `signalbox webhooks create|list|show|update|enable|disable|rotate|revoke|delete` */
import { Option, type Command } from '@commander-js/extra-typings';
import { addWebhookBody, updateWebhookBody, type UpdateWebhookBody } from '#libs/contracts/workflow-webhook.schema.ts';
import { InvalidInputError } from '#libs/domain/errors/errors.ts';
import { tokenExchanges, type WorkflowWebhook } from '#libs/domain/workflow-webhooks/workflow-webhook.ts';
import { withAddresses, type WithAddresses } from '#libs/workflow-webhooks/webhook-addresses.ts';
import { WebhookAdmin, type Actor } from '#libs/workflow-webhooks/webhook-admin.ts';
import { authorName } from './author-name.ts';
import { byOption, cursorOption, jsonOption, limitOption, repeated, wholeNumber, type Tools } from './command.ts';
import { readAs } from './read-as.ts';
import { details, table } from './table.ts';

/** An operator who may reach the store may see all of it. */
const anyone: Actor = { by: '', brands: null };
const toActor = (by: string | undefined): Actor => ({ by: authorName(by), brands: null });

const maxRate = 1_000_000;
const maxOverlapHours = 24 * 365;

const exchangeOption = new Option(
  '--token-exchange <exchange>',
  'required: events come with a session token; disabled: with the API key itself, as older integrations send it',
).choices(tokenExchanges);
const typeOption = new Option(
  '--event-type <type=trigger>',
  'trigger of a type of event, may be repeated; in place of those there are',
).argParser((text: string, before?: string[]) => repeated(text, before));
const rateOption = new Option('--rate-limit <n>', 'events a minute, for each API process').argParser(
  wholeNumber(1, maxRate),
);

export function addWebhookCommands(webhooks: Command, tools: Tools): void {
  const { out, note, config } = tools;

  const admin = async (): Promise<WebhookAdmin> => {
    const { webhooks: stored } = await tools.store();
    const { keyOverlapHours } = config().workflowWebhooks;
    // The API processes look for changes themselves.
    return new WebhookAdmin({ webhooks: stored, audited: tools.audited, keyOverlapHours, onChange: () => undefined });
  };
  const show = (webhook: WorkflowWebhook): WithAddresses => {
    const { publicUrl, port } = config().api;
    return withAddresses(webhook, (publicUrl ?? `http://127.0.0.1:${port}`).replace(/\/+$/, ''));
  };
  const print = (webhook: WorkflowWebhook, json: boolean | undefined): void =>
    out(json === true ? JSON.stringify(show(webhook)) : webhookText(show(webhook)));
  const printKey = (webhook: WorkflowWebhook, key: string, json: boolean | undefined): void => {
    if (json === true) return out(JSON.stringify({ webhook: show(webhook), key }));
    out(`${webhookText(show(webhook))}\n\nAPI key, never shown again:\n${key}`);
  };
  const change = async (id: string, given: object, by: string | undefined): Promise<WorkflowWebhook> => {
    const wanted: UpdateWebhookBody = readAs(updateWebhookBody, withoutAbsent(given));
    return (await admin()).update(toActor(by), id, wanted);
  };

  webhooks
    .command('create')
    .argument('<id>', 'part of its addresses: letters, digits, dots, dashes or underscores')
    .argument('<name>', 'what it is for')
    .description(
      `Make addresses at which a back end reports events

The API key is shown once. docs/workflow-webhooks.md tells what a caller does with it.`,
    )
    .option('--description <text>')
    .option('--brand <brand>', "whose events come here; left out, it is found by the event's trading account")
    .addOption(exchangeOption)
    .addOption(typeOption)
    .addOption(rateOption)
    .addOption(byOption)
    .addOption(jsonOption)
    .action(async (id, name, { description, brand, tokenExchange, eventType, rateLimit, by, json }) => {
      const given = {
        id,
        name,
        description,
        brand,
        token_exchange: tokenExchange,
        event_types: readTypes(eventType),
        rate_limit: rateLimit,
      };
      const body = readAs(addWebhookBody, withoutAbsent(given));
      const made = await (await admin()).create(toActor(by), body);
      printKey(made.webhook, made.key, json);
    });

  webhooks
    .command('list')
    .description('List workflow webhooks')
    .addOption(limitOption(500))
    .addOption(cursorOption)
    .addOption(jsonOption)
    .action(async ({ limit, cursor, json }) => {
      const { items, nextCursor } = await (await admin()).list(anyone, { limit, cursor });
      if (json) return out(JSON.stringify({ webhooks: items.map(show), next_cursor: nextCursor }));
      const rows = items.map((one) => [
        one.id,
        one.enabled ? 'enabled' : 'disabled',
        one.brand ?? '',
        one.token_exchange,
        String(one.keys.length),
        one.name,
      ]);
      out(table(['WEBHOOK', 'STATUS', 'BRAND', 'TOKENS', 'KEYS', 'NAME'], rows));
      if (nextCursor !== null) note(`\nmore: --cursor ${nextCursor}`);
    });

  webhooks
    .command('show')
    .argument('<id>', 'of a workflow webhook')
    .description('Show a workflow webhook; never its key')
    .addOption(jsonOption)
    .action(async (id, { json }) => print(await (await admin()).get(anyone, id), json));

  webhooks
    .command('update')
    .argument('<id>', 'of a workflow webhook')
    .description('Change a workflow webhook; what is left out stays as it is')
    .option('--name <name>')
    .option('--description <text>')
    .option('--brand <brand>')
    .option('--any-brand', "the brand is found by the event's trading account")
    .addOption(exchangeOption)
    .addOption(typeOption)
    .addOption(rateOption)
    .option('--unlimited', 'as many events as come')
    .addOption(byOption)
    .addOption(jsonOption)
    .action(async (id, { name, description, tokenExchange, eventType, by, json, ...more }) => {
      const given = {
        name,
        description,
        token_exchange: tokenExchange,
        event_types: readTypes(eventType),
        brand: more.anyBrand === true ? null : more.brand,
        rate_limit: more.unlimited === true ? null : more.rateLimit,
      };
      print(await change(id, given, by), json);
    });

  for (const [verb, enabled] of [
    ['enable', true],
    ['disable', false],
  ] as const) {
    webhooks
      .command(verb)
      .argument('<id>', 'of a workflow webhook')
      .description(enabled ? 'Have a workflow webhook take events again' : 'Have a workflow webhook take no events')
      .addOption(byOption)
      .action(async (id, { by }) => {
        await change(id, { enabled }, by);
        out(`${verb}d: ${id}`);
      });
  }

  webhooks
    .command('rotate')
    .argument('<id>', 'of a workflow webhook')
    .description(
      `Give a workflow webhook another API key, which is shown once

Those before it stay valid for WEBHOOK_KEY_OVERLAP_HOURS.`,
    )
    .addOption(
      new Option('--overlap-hours <n>', 'how long those before it stay valid; 0 ends them at once').argParser(
        wholeNumber(0, maxOverlapHours),
      ),
    )
    .addOption(byOption)
    .addOption(jsonOption)
    .action(async (id, { overlapHours, by, json }) => {
      const { webhook, key } = await (await admin()).rotateKey(toActor(by), id, overlapHours);
      printKey(webhook, key, json);
    });

  webhooks
    .command('revoke')
    .argument('<id>', 'of a workflow webhook')
    .argument('<key>', 'id of the key, as show tells it')
    .description('Revoke an API key: it, and the session tokens given for it, are refused from now on')
    .addOption(byOption)
    .action(async (id, key, { by }) => {
      await (await admin()).revokeKey(toActor(by), id, key);
      out(`revoked: ${key}`);
    });

  webhooks
    .command('delete')
    .argument('<id>', 'of a workflow webhook')
    .description('Delete a workflow webhook, its keys and its session tokens')
    .addOption(byOption)
    .action(async (id, { by }) => {
      await (await admin()).delete(toActor(by), id);
      out(`deleted: ${id}`);
    });
}

/** @param texts `type=trigger` @throws InvalidInputError */
function readTypes(texts: string[] | undefined): Record<string, string> | undefined {
  if (texts === undefined) return undefined;
  const pairs = texts.map((text): [string, string] => {
    const [type = '', trigger = '', ...more] = text.split('=');
    if (type !== '' && trigger !== '' && more.length === 0) return [type, trigger];
    const message = 'must be a type and its trigger, such as user.registered=customer.registered';
    throw new InvalidInputError('what was given is wrong', [{ path: 'event-type', code: 'wrong_value', message }]);
  });
  return Object.fromEntries(pairs);
}

function withoutAbsent(given: object): object {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function webhookText(webhook: WithAddresses): string {
  const types = Object.entries(webhook.event_types).map(([type, trigger]) => `${type} = ${trigger}`);
  return details([
    ['webhook', webhook.id],
    ['name', webhook.name],
    ['description', webhook.description],
    ['status', webhook.enabled ? 'enabled' : 'disabled'],
    ['handshake', webhook.handshake_url],
    ['events', webhook.webhook_url],
    ['brand', webhook.brand ?? "found by the event's trading account"],
    ['session tokens', webhook.token_exchange],
    ['event types', types.join(', ')],
    ['events a minute', webhook.rate_limit ?? 'as many as come'],
    ...webhook.keys.map((key): [string, string] => ['key', keyText(key)]),
    ['created', `${webhook.created_at} by ${webhook.created_by}`],
    ['updated', `${webhook.updated_at} by ${webhook.updated_by}, version ${webhook.version}`],
  ]);
}

function keyText({ key_id, created_at, created_by, ends_at }: WorkflowWebhook['keys'][number]): string {
  return `${key_id}, made ${created_at} by ${created_by}${ends_at === null ? '' : `, valid until ${ends_at}`}`;
}
