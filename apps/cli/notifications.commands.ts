/** `signalbox notifications` */
import type { Command } from '@commander-js/extra-typings';
import { jsonOption, limitOption, wholeNumber, type Tools } from './command.ts';
import { table } from './table.ts';

export function addNotifications(root: Command, { store, out }: Tools): void {
  root
    .command('notifications')
    .description('List what managers were told, newest first')
    .option('--manager <id>', 'those of this manager', wholeNumber(1))
    .addOption(limitOption(1000))
    .addOption(jsonOption)
    .action(async ({ manager, limit, json }) => {
      const filter = { ...(manager !== undefined && { managerId: manager }), limit };
      const found = await (await store()).notifications.list(filter);
      if (json) return out(JSON.stringify(found));
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
    });
}
