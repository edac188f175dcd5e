/** `signalbox managers …` */
import { command, managerId, noArguments, type Command } from './command.ts';
import { table } from './table.ts';

const counters = command({
  name: 'managers counters',
  summary: 'Show what rules have counted for managers',
  details: 'Usage: signalbox managers counters [--manager ID] [--json]',
  options: { manager: { type: 'string' }, json: { type: 'boolean' } },
  async run({ values, positionals }, { store, out }) {
    noArguments(positionals);
    const filter = values.manager === undefined ? {} : { managerId: managerId('manager', values.manager) };
    const totals = await (await store()).counters.totals(filter);
    if (values.json) return out(JSON.stringify(totals));
    out(
      table(
        ['MANAGER', 'COUNTER', 'TOTAL'],
        totals.map(({ manager_id, counter, total }) => [manager_id, counter, total]),
      ),
    );
  },
});

export const managerCommands: Command[] = [counters];
