/** `signalbox events` */
import { authorName } from './author-name.ts';
import { UsageError } from './cli-error.ts';
import { command, noArguments, readOneOf, onlyArgument, wholeNumber, type Command } from './command.ts';
import { table } from './table.ts';

const text = { type: 'string' } as const;

const waiting = command({
  name: 'events waiting',
  summary: 'List events that wait for an account or group, or have waited in vain, the longest first',
  details: `
Usage: signalbox events waiting [--state waiting|given_up] [--limit N] [--json]

An event waits whose brand cannot be told yet: the directory does not know its account or group. It is decided as
soon as it does. One that has waited in vain has started nothing; signalbox events retry decides it again.

  --state STATE  waiting (default) or given_up
  --limit N      at most this many (default 20)`,
  options: {
    state: { type: 'string', default: 'waiting' },
    limit: { type: 'string', default: '20' },
    json: { type: 'boolean' },
  },
  async run({ values, positionals }, { store, out }) {
    noArguments(positionals);
    const state = readOneOf('--state', values.state, ['waiting', 'given_up']);
    const limit = wholeNumber('limit', values.limit, { min: 1, max: 1000 });
    const found = await (await store()).waitingEvents.list(state, limit);
    if (values.json) {
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
  },
});

const retry = command({
  name: 'events retry',
  summary: 'Decide events again that have waited in vain',
  details: `
Usage: signalbox events retry EVENT | --all [--by NAME]

They are decided by the rules as they are now, and each starts every run once. What still has no account is given up again.

  --all      all of them
  --by NAME  who says so (default: your login name)`,
  options: { all: { type: 'boolean', default: false }, by: text },
  async run({ values, positionals }, { store, out, audited }) {
    if (values.all) noArguments(positionals);
    const eventId = values.all ? null : onlyArgument(positionals, 'the id of an event (or --all)');
    const { waitingEvents } = await store();
    // Their waiting ends at once: an event without a brand is given up again.
    const now = new Date().toISOString();
    const target = eventId === null ? 'events' : `event/${eventId}`;
    const note = { operation: 'event.retry', target, brand: null, by: authorName(values.by) } as const;
    const count = await audited(note, () => waitingEvents.retry(eventId, now));
    out(`waiting again: ${count}`);
  },
});

const reprocess = command({
  name: 'events reprocess',
  summary: 'Process offsets of a partition again that were passed over or matched nothing',
  details: `
Usage: signalbox events reprocess --topic TOPIC --partition N --from OFFSET --to OFFSET --reason TEXT [--by NAME]

An event that matched rules before follows that decision: what it has started is not started again. One that matched
nothing, or that the consumer passed over, is matched by the rules as they are now.

  --topic TOPIC  without the prefix of the installation: trade.push, account.push or crm.events
  --from, --to   the first offset, and the one behind the last
  --reason TEXT  kept in the audit log
  --by NAME      who says so (default: your login name)`,
  options: { topic: text, partition: text, from: text, to: text, reason: text, by: text },
  async run({ values, positionals }, { config, store, out, audited }) {
    noArguments(positionals);
    const { topic: logical, reason = '' } = values;
    const topic = readOneOf('--topic', logical ?? '', ['trade.push', 'account.push', 'crm.events']);
    if (reason.trim() === '') throw new UsageError('--reason is missing: say why, for the audit log');
    const max = Number.MAX_SAFE_INTEGER;
    const partition = wholeNumber('partition', values.partition ?? '', { min: 0, max });
    const from = BigInt(wholeNumber('from', values.from ?? '', { min: 0, max }));
    const to = BigInt(wholeNumber('to', values.to ?? '', { min: 0, max }));
    if (to <= from) throw new UsageError(`--to ${to} must be greater than --from ${from}`);
    const { reopenRange } = await import('./reopen-range.ts');
    const { ledger } = await store();
    const target = `partition/${topic}/${partition}`;
    const by = authorName(values.by);
    const what = { from: String(from), to: String(to), reason };
    const range = await audited({ operation: 'events.reprocess', target, brand: null, by, what }, () =>
      reopenRange(config().kafka, ledger, { topic, partition, from, to }),
    );
    out(`to be processed again: offsets ${range.from} to ${range.to - 1n} of ${topic}, partition ${partition}`);
  },
});

export const eventCommands: Command[] = [waiting, retry, reprocess];
