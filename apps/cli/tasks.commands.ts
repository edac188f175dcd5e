/** `signalbox tasks` */
import type { Command } from '@commander-js/extra-typings';
import { CrmDesk } from '#libs/crm/crm-desk.ts';
import { authorName } from './author-name.ts';
import { byOption, jsonOption, limitOption, wholeNumber, type Tools } from './command.ts';
import { table } from './table.ts';

export function addTaskCommands(group: Command, { store, out, audited }: Tools): void {
  group
    .description('signalbox tasks alone lists them: see signalbox tasks list --help.')
    .command('list', { isDefault: true })
    .description('List tasks about customers, newest first')
    .option('--customer <id>', 'those about this customer')
    .option('--assignee <id>', 'those of this manager', wholeNumber(1))
    .option('--open', 'those that are not done yet', false)
    .addOption(limitOption(1000))
    .addOption(jsonOption)
    .action(async ({ customer, assignee, open, limit, json }) => {
      const filter = {
        ...(customer !== undefined && { customerId: customer }),
        ...(assignee !== undefined && { assigneeId: assignee }),
        open,
        limit,
      };
      const found = await (await store()).tasks.list(filter);
      if (json) return out(JSON.stringify(found));
      const rows = found.map((task) => [
        task.created_at,
        task.status,
        task.due_at,
        task.type,
        task.title,
        task.customer_id,
        task.assignee_id,
        task.tenant,
        task.id,
      ]);
      out(table(['TIME', 'STATUS', 'DUE', 'TYPE', 'TITLE', 'CUSTOMER', 'ASSIGNEE', 'BRAND', 'ID'], rows));
    });

  group
    .command('done')
    .argument('<id>', 'of a task')
    .description('Close a task: it has been done\n\nA task that is closed already stays as it is.')
    .addOption(byOption)
    .action(async (id, { by }) => {
      const { tasks, notifications } = await store();
      const task = await new CrmDesk({ tasks, notifications, audited }).closeTask(id, authorName(by));
      out(`${task.id}: done ${task.done_at}`);
    });
}
