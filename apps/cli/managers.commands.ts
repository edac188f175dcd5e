/** `signalbox managers …` */
import type { Command } from '@commander-js/extra-typings';
import { jsonOption, wholeNumber, type Tools } from './command.ts';
import { table } from './table.ts';

export function addManagerCommands(managers: Command, { store, out }: Tools): void {
  managers
    .command('counters')
    .description('Show what rules have counted for managers')
    .option('--manager <id>', 'of this manager', wholeNumber(1))
    .addOption(jsonOption)
    .action(async ({ manager, json }) => {
      const totals = await (await store()).counters.totals(manager === undefined ? {} : { managerId: manager });
      if (json) return out(JSON.stringify(totals));
      const rows = totals.map(({ manager_id, counter, total }) => [manager_id, counter, total]);
      out(table(['MANAGER', 'COUNTER', 'TOTAL'], rows));
    });
}
