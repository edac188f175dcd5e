/** `signalbox events` */
import { Option, type Command } from '@commander-js/extra-typings';
import { authorName } from './author-name.ts';
import { UsageError } from './cli-error.ts';
import { byOption, jsonOption, limitOption, wholeNumber, type Tools } from './command.ts';
import { table } from './table.ts';

export function addEventCommands(events: Command, { config, store, out, audited }: Tools): void {
  events
    .command('waiting')
    .description(
      `List events that wait for an account or group, or have waited in vain, the longest first

An event waits whose brand cannot be told yet: the directory does not know its account or group. It is decided as
soon as it does. One that has waited in vain has started nothing; signalbox events retry decides it again.`,
    )
    .addOption(new Option('--state <state>').choices(['waiting', 'given_up'] as const).default('waiting' as const))
    .addOption(limitOption(1000))
    .addOption(jsonOption)
    .action(async ({ state, limit, json }) => {
      const found = await (await store()).waitingEvents.list(state, limit);
      if (json) {
        const shown = found.map(({ event, waitsFor, since, until }) => ({
          event_id: event.id,
          trigger: event.trigger,
          topic: event.topic,
          waits_for: waitsFor,
          since,
          until,
          state,
        }));
        return out(JSON.stringify(shown));
      }
      const rows = found.map(({ event, waitsFor, since, until }) => [
        since,
        until,
        event.trigger,
        waitsFor,
        event.topic,
        event.id,
      ]);
      out(table(['SINCE', 'UNTIL', 'TRIGGER', 'WAITS FOR', 'TOPIC', 'EVENT'], rows));
    });

  events
    .command('retry')
    .argument('[event]', 'its id')
    .description(
      `Decide events again that have waited in vain

They are decided by the rules as they are now, and each starts every run once. What still has no account is given up
again.`,
    )
    .option('--all', 'instead of one: all of them')
    .addOption(byOption)
    .action(async (event, { all, by }) => {
      if ((event === undefined) !== (all === true)) throw new UsageError('expected the id of an event, or --all');
      const { waitingEvents } = await store();
      // Their waiting ends at once: an event without a brand is given up again.
      const now = new Date().toISOString();
      const target = event === undefined ? 'events' : `event/${event}`;
      const note = { operation: 'event.retry', target, brand: null, by: authorName(by) } as const;
      const count = await audited(note, () => waitingEvents.retry(event ?? null, now));
      out(`waiting again: ${count}`);
    });

  events
    .command('reprocess')
    .description(
      `Process offsets of a partition again that were passed over or matched nothing

An event that matched rules before follows that decision: what it has started is not started again. One that matched
nothing, or that the consumer passed over, is matched by the rules as they are now.`,
    )
    .addOption(
      new Option('--topic <topic>', 'without the prefix of the installation')
        .choices(['trade.push', 'account.push', 'crm.events'] as const)
        .makeOptionMandatory(),
    )
    .requiredOption('--partition <n>', '', wholeNumber(0))
    .requiredOption('--from <offset>', 'the first offset', wholeNumber(0))
    .requiredOption('--to <offset>', 'the one behind the last', wholeNumber(0))
    .requiredOption('--reason <text>', 'kept in the audit log')
    .addOption(byOption)
    .action(async ({ topic, partition, reason, by, ...offsets }) => {
      if (reason.trim() === '') throw new UsageError('--reason is missing: say why, for the audit log');
      const from = BigInt(offsets.from);
      const to = BigInt(offsets.to);
      if (to <= from) throw new UsageError(`--to ${to} must be greater than --from ${from}`);
      const { reopenRange } = await import('./reopen-range.ts');
      const { ledger } = await store();
      const target = `partition/${topic}/${partition}`;
      const what = { from: String(from), to: String(to), reason };
      const note = { operation: 'events.reprocess', target, brand: null, by: authorName(by), what } as const;
      const range = await audited(note, () => reopenRange(config().kafka, ledger, { topic, partition, from, to }));
      out(`to be processed again: offsets ${range.from} to ${range.to - 1n} of ${topic}, partition ${partition}`);
    });
}
