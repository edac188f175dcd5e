/** `signalbox notes` */
import { UsageError } from './cli-error.ts';
import { command, noArguments, wholeNumber, type Command } from './command.ts';
import { table } from './table.ts';

const notes = command({
  name: 'notes',
  summary: "List a customer's notes, newest first",
  details: `
Usage: signalbox notes --customer ID [--limit N] [--json]

  --limit N  at most this many (default 20)`,
  options: { customer: { type: 'string' }, limit: { type: 'string', default: '20' }, json: { type: 'boolean' } },
  async run({ values, positionals }, { store, out }) {
    noArguments(positionals);
    if (values.customer === undefined) throw new UsageError('--customer ID is missing: whose notes?');
    const limit = wholeNumber('limit', values.limit, { min: 1, max: 1000 });
    const found = await (await store()).notes.list(values.customer, limit);
    if (values.json) return out(JSON.stringify(found));
    const rows = found.map((note) => [note.created_at, note.body, note.rule_name, note.run_id]);
    out(table(['TIME', 'NOTE', 'RULE', 'RUN'], rows));
  },
});

export const noteCommands: Command[] = [notes];
