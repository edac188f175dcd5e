/** `signalbox notes` */
import type { Command } from '@commander-js/extra-typings';
import { jsonOption, limitOption, type Tools } from './command.ts';
import { table } from './table.ts';

export function addNotes(root: Command, { store, out }: Tools): void {
  root
    .command('notes')
    .description("List a customer's notes, newest first")
    .requiredOption('--customer <id>', 'whose notes')
    .addOption(limitOption(1000))
    .addOption(jsonOption)
    .action(async ({ customer, limit, json }) => {
      const found = await (await store()).notes.list(customer, limit);
      if (json) return out(JSON.stringify(found));
      const rows = found.map((note) => [note.created_at, note.body, note.rule_name, note.run_id]);
      out(table(['TIME', 'NOTE', 'RULE', 'RUN'], rows));
    });
}
