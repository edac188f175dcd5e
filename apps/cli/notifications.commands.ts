/** `signalbox notifications` */
import { command, managerId, noArguments, wholeNumber, type Command } from './command.ts';
import { table } from './table.ts';

const notifications = command({
  name: 'notifications',
  summary: 'List what managers were told, newest first',
  details: `
Usage: signalbox notifications [--manager ID] [--limit N] [--json]

  --limit N  at most this many (default 20)`,
  options: { manager: { type: 'string' }, limit: { type: 'string', default: '20' }, json: { type: 'boolean' } },
  async run({ values, positionals }, { store, out }) {
    noArguments(positionals);
    const limit = wholeNumber('limit', values.limit, { min: 1, max: 1000 });
    const manager = values.manager !== undefined && { managerId: managerId('manager', values.manager) };
    const found = await (await store()).notifications.list({ ...manager, limit });
    if (values.json) return out(JSON.stringify(found));
    const rows = found.map((one) => [
      one.created_at,
      one.manager_id,
      one.title,
      one.message,
      one.customer_id,
      one.login,
      one.run_id,
    ]);
    out(table(['TIME', 'MANAGER', 'TITLE', 'MESSAGE', 'CUSTOMER', 'LOGIN', 'RUN'], rows));
  },
});

export const notificationCommands: Command[] = [notifications];
