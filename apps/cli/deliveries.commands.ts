/** `signalbox subscriptions test|attempts|pending|resend|redeliver` */
import { Option, type Command } from '@commander-js/extra-typings';
import { redeliverBody, resendBody } from '#libs/contracts/subscription.schema.ts';
import { InvalidError } from './cli-error.ts';
import { byOption, cursorOption, jsonOption, limitOption, type Tools } from './command.ts';
import { readAs } from './read-as.ts';
import { anyone, toActor } from './subscriptions.commands.ts';
import { details, table } from './table.ts';

export function addDeliveryCommands(subscriptions: Command, tools: Tools): void {
  const { out, note } = tools;

  subscriptions
    .command('test')
    .argument('<id>', 'of a subscription')
    .description('Send a webhook subscription an event of no run at once, and tell what came of it')
    .addOption(byOption)
    .addOption(jsonOption)
    .action(async (id, { by, json }) => {
      const { withSubscriptions } = await import('./subscription-session.ts');
      const outcome = await withSubscriptions(tools, ({ admin }) => admin.test(toActor(by), id));
      const { isDelivered, at, durationMs, status, error, excerpt } = outcome;
      const shown = { is_delivered: isDelivered, at, duration_ms: durationMs, status, error, excerpt };
      out(json ? JSON.stringify(shown) : details(Object.entries(shown)));
      if (!isDelivered) throw new InvalidError('the receiver did not take it');
    });

  subscriptions
    .command('attempts')
    .argument('<id>', 'of a subscription')
    .description('List the requests to a webhook subscription, newest first')
    .option('--event <id>')
    .option('--run <id>')
    .addOption(new Option('--outcome <outcome>').choices(['delivered', 'failed'] as const))
    .addOption(limitOption(500))
    .addOption(cursorOption)
    .addOption(jsonOption)
    .action(async (id, { event, run, outcome, limit, cursor, json }) => {
      const { withSubscriptions } = await import('./subscription-session.ts');
      const filter = {
        subscription_id: id,
        ...(event !== undefined && { event_id: event }),
        ...(run !== undefined && { execution_id: run }),
        ...(outcome !== undefined && { outcome }),
      };
      const page = { limit, ...(cursor !== undefined && { cursor }) };
      const { items, nextCursor } = await withSubscriptions(tools, ({ admin }) => admin.attempts(anyone, filter, page));
      if (json) return out(JSON.stringify({ attempts: items, next_cursor: nextCursor }));
      const rows = items.map((one) => [
        one.at,
        one.outcome,
        one.number,
        one.status,
        one.type,
        one.execution_id,
        one.event_id,
        one.next_at,
        one.error ?? one.excerpt,
      ]);
      out(table(['TIME', 'OUTCOME', 'ATTEMPT', 'STATUS', 'TYPE', 'RUN', 'EVENT', 'NEXT', 'DETAIL'], rows));
      if (nextCursor !== null) note(`\nmore: --cursor ${nextCursor}`);
    });

  subscriptions
    .command('pending')
    .argument('<id>', 'of a subscription')
    .description('List runs whose events wait for their next attempt, those tried next first')
    .addOption(limitOption(500))
    .addOption(cursorOption)
    .addOption(jsonOption)
    .action(async (id, { limit, cursor, json }) => {
      const { withSubscriptions } = await import('./subscription-session.ts');
      const page = { limit, ...(cursor !== undefined && { cursor }) };
      const { items, nextCursor } = await withSubscriptions(tools, ({ admin }) => admin.pending(anyone, id, page));
      if (json) return out(JSON.stringify({ pending: items, next_cursor: nextCursor }));
      const rows = items.map(({ next_at, execution_id, events }) => [
        next_at ?? 'when it is active again',
        execution_id,
        events.length,
        events[0]?.attempts,
        events[0]?.since,
        events[0]?.event_id,
      ]);
      out(table(['NEXT', 'RUN', 'EVENTS', 'FAILED ATTEMPTS', 'SINCE', 'FIRST EVENT'], rows));
      if (nextCursor !== null) note(`\nmore: --cursor ${nextCursor}`);
    });

  subscriptions
    .command('resend')
    .argument('<id>', 'of a subscription')
    .argument('<event>', 'its id')
    .description(
      `Send a webhook subscription an event again, or try it now if it waits for its next attempt

The delivery processes send it. What waits before it of the same run comes first.`,
    )
    .addOption(byOption)
    .action(async (id, event, { by }) => {
      const { withSubscriptions } = await import('./subscription-session.ts');
      const { event_id } = readAs(resendBody, { event_id: event });
      await withSubscriptions(tools, ({ redelivery }) => redelivery.resend(toActor(by), id, event_id));
      out(`to be sent: ${event_id}`);
    });

  subscriptions
    .command('redeliver')
    .argument('<id>', 'of a subscription')
    .description(
      `Send a webhook subscription the events of a range again, in the order of each run

The delivery processes send them, to this subscription alone. Times are those at which events were kept; a minute more
on both sides is sent.`,
    )
    .option('--since <time>', 'from then on (ISO 8601 with an offset)')
    .option('--after <position>', 'instead: behind this position')
    .option('--until <time>', 'kept before')
    .option('--only-failed', 'leave out what the receiver has taken')
    .addOption(byOption)
    .action(async (id, { since, after, until, onlyFailed, by }) => {
      const { withSubscriptions } = await import('./subscription-session.ts');
      const given = {
        ...(since !== undefined && { since }),
        ...(after !== undefined && { after }),
        ...(until !== undefined && { until }),
        ...(onlyFailed === true && { only_failed: true }),
      };
      const { only_failed, ...range } = readAs(redeliverBody, given);
      const started = await withSubscriptions(tools, ({ redelivery }) =>
        redelivery.redeliver(toActor(by), id, { ...range, onlyFailed: only_failed }),
      );
      out(`redelivery ${started.redelivery_id}: looks through ${started.range_size} events`);
    });
}
