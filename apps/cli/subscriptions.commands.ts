/** `signalbox subscriptions create|list|show|update|pause|resume|rotate|delete` */
import { Option, type Command } from '@commander-js/extra-typings';
import { addSubscriptionBody, updateSubscriptionBody } from '#libs/contracts/subscription.schema.ts';
import { lifecycleTypes, type LifecycleType } from '#libs/domain/runs/lifecycle-log.ts';
import { subscriptionFormats, type Subscription } from '#libs/domain/subscriptions/subscription.ts';
import type { Actor } from '#libs/subscriptions/subscription-access.ts';
import { authorName } from './author-name.ts';
import { byOption, cursorOption, jsonOption, limitOption, repeated, type Tools } from './command.ts';
import { readAs, withoutAbsent } from './read-as.ts';
import { details, table } from './table.ts';

/** An operator who may reach the store may see all of it. */
export const anyone: Actor = { by: '', brands: null };

export function toActor(by: string | undefined): Actor {
  return { by: authorName(by), brands: null };
}

const typeOption = new Option(
  '--type <type>',
  `only these events, may be repeated: ${lifecycleTypes.join(', ')}`,
).argParser((text: string, before?: string[]) => repeated(text, before));
const formatOption = new Option('--format <format>', 'how an event is written').choices(subscriptionFormats);

export function addSubscriptionCommands(subscriptions: Command, tools: Tools): void {
  const { out, note, readInput } = tools;

  subscriptions
    .command('create')
    .argument('<name>', 'what it is for')
    .argument('<url>', 'where events go')
    .description(
      `Subscribe an address to lifecycle events

The secret that signs requests is shown once. docs/subscriptions.md tells how a receiver verifies it.`,
    )
    .addOption(typeOption)
    .option('--rule <id>', 'only runs of this rule')
    .option('--brand <brand>', 'only runs of these brands, may be repeated', repeated)
    .addOption(formatOption)
    .option('--secret-stdin', 'take the secret from standard input: whsec_ and 24 to 64 bytes in base64')
    .addOption(byOption)
    .addOption(jsonOption)
    .action(async (name, url, { type, rule, brand, format, secretStdin, by, json }) => {
      const secret = secretStdin === true ? (await readInput()).toString().trim() : undefined;
      const { withSubscriptions } = await import('./subscription-session.ts');
      const given = { name, url, types: type, rule_id: rule, brands: brand, format, secret };
      const {
        types = null,
        rule_id = null,
        brands = null,
        ...rest
      } = readAs(addSubscriptionBody, withoutAbsent(given));
      const made = await withSubscriptions(tools, ({ admin }) =>
        admin.create(toActor(by), { ...rest, types, rule_id, brands }),
      );
      out(json ? JSON.stringify(made) : withSecretText(made.subscription, made.secret));
    });

  subscriptions
    .command('list')
    .description('List webhook subscriptions, newest first')
    .addOption(limitOption(500))
    .addOption(cursorOption)
    .addOption(jsonOption)
    .action(async ({ limit, cursor, json }) => {
      const { withSubscriptions } = await import('./subscription-session.ts');
      const page = { limit, ...(cursor !== undefined && { cursor }) };
      const { items, nextCursor } = await withSubscriptions(tools, ({ admin }) => admin.list(anyone, page));
      if (json) return out(JSON.stringify({ subscriptions: items, next_cursor: nextCursor }));
      const rows = items.map((one) => [one.subscription_id, statusText(one), one.name, one.url, typesText(one)]);
      out(table(['SUBSCRIPTION', 'STATUS', 'NAME', 'ADDRESS', 'EVENTS'], rows));
      if (nextCursor !== null) note(`\nmore: --cursor ${nextCursor}`);
    });

  subscriptions
    .command('show')
    .argument('<id>', 'of a subscription')
    .description('Show a webhook subscription; never its secret')
    .addOption(jsonOption)
    .action(async (id, { json }) => {
      const { withSubscriptions } = await import('./subscription-session.ts');
      const found = await withSubscriptions(tools, ({ admin }) => admin.get(anyone, id));
      out(json ? JSON.stringify(found) : subscriptionText(found));
    });

  subscriptions
    .command('update')
    .argument('<id>', 'of a subscription')
    .description('Change what a webhook subscription is sent, and where to; what is left out stays as it is')
    .option('--name <name>')
    .option('--url <url>', 'it begins without failures')
    .addOption(typeOption)
    .option('--all-types', 'all five events')
    .option('--rule <id>', 'only runs of this rule')
    .option('--all-rules', 'runs of all rules')
    .addOption(formatOption)
    .addOption(byOption)
    .addOption(jsonOption)
    .action(async (id, { name, url, type, allTypes, rule, allRules, format, by, json }) => {
      const { withSubscriptions } = await import('./subscription-session.ts');
      const given = {
        name,
        url,
        format,
        types: allTypes === true ? null : type,
        rule_id: allRules === true ? null : rule,
      };
      const change = readAs(updateSubscriptionBody, withoutAbsent(given));
      const changed = await withSubscriptions(tools, ({ admin }) => admin.update(toActor(by), id, change));
      out(json ? JSON.stringify(changed) : subscriptionText(changed));
    });

  const addSwitch = (verb: 'pause' | 'resume', description: string): void => {
    subscriptions
      .command(verb)
      .argument('<id>', 'of a subscription')
      .description(description)
      .addOption(byOption)
      .action(async (id, { by }) => {
        const { withSubscriptions } = await import('./subscription-session.ts');
        const changed = await withSubscriptions(tools, ({ admin }) => admin[verb](toActor(by), id));
        out(`${statusText(changed)}: ${id}`);
      });
  };
  addSwitch(
    'pause',
    'Send a webhook subscription nothing until it is resumed\n\nIts events are kept for LIFECYCLE_EVENT_DAYS.',
  );
  addSwitch('resume', 'Send a webhook subscription what it has missed and what comes, also one that was disabled');

  subscriptions
    .command('rotate')
    .argument('<id>', 'of a subscription')
    .description(
      `Give a webhook subscription another secret, which is shown once

The one before it signs beside it for 24 hours. Ten rotations within 24 hours are possible.`,
    )
    .addOption(byOption)
    .addOption(jsonOption)
    .action(async (id, { by, json }) => {
      const { withSubscriptions } = await import('./subscription-session.ts');
      const rotated = await withSubscriptions(tools, ({ admin }) => admin.rotateSecret(toActor(by), id));
      out(json ? JSON.stringify(rotated) : withSecretText(rotated.subscription, rotated.secret));
    });

  subscriptions
    .command('delete')
    .argument('<id>', 'of a subscription')
    .description('Delete a webhook subscription, and what waits for it')
    .addOption(byOption)
    .action(async (id, { by }) => {
      const { withSubscriptions } = await import('./subscription-session.ts');
      await withSubscriptions(tools, ({ admin }) => admin.delete(toActor(by), id));
      out(`deleted: ${id}`);
    });
}

function statusText({ status, disabled_reason }: Subscription): string {
  return disabled_reason === null ? status : `${status} (${disabled_reason})`;
}

function typesText({ types }: { types: LifecycleType[] | null }): string {
  return types === null ? 'all' : types.join(', ');
}

function withSecretText(subscription: Subscription, secret: string): string {
  return `${subscriptionText(subscription)}\n\nsecret, never shown again:\n${secret}`;
}

function subscriptionText(subscription: Subscription): string {
  return details([
    ['subscription', subscription.subscription_id],
    ['name', subscription.name],
    ['address', subscription.url],
    ['status', statusText(subscription)],
    ['events', typesText(subscription)],
    ['rule', subscription.rule_id ?? 'all'],
    ['brands', subscription.brands?.join(', ') ?? 'all'],
    ['format', subscription.format],
    ['created', `${subscription.created_at} by ${subscription.created_by}`],
    ['updated', subscription.updated_at],
    ['failures', subscription.failures === 0 ? 0 : `${subscription.failures}, last ${subscription.failed_at}`],
    ['not before', subscription.not_before],
  ]);
}
