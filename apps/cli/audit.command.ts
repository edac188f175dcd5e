/** `signalbox audit` */
import { Option, type Command } from '@commander-js/extra-typings';
import { auditOperations } from '#libs/domain/access/audit-log.ts';
import { writeJson } from '#libs/domain/json/stringify-json.ts';
import { brandOption, cursorOption, jsonOption, limitOption, type Tools } from './command.ts';
import { table } from './table.ts';

export function addAudit(root: Command, { store, out, note }: Tools): void {
  root
    .command('audit')
    .description('List who changed what, newest first')
    .option('--by <name>')
    .option('--target <target>', 'such as rule/ID or run/ID')
    .addOption(new Option('--operation <operation>').choices(auditOperations))
    .addOption(brandOption)
    .addOption(limitOption(500))
    .addOption(cursorOption)
    .addOption(jsonOption)
    .action(async ({ by, target, operation, brand, limit, cursor, json }) => {
      const filter = {
        ...(by !== undefined && { by }),
        ...(target !== undefined && { target }),
        ...(operation !== undefined && { operation }),
        ...(brand !== undefined && { brand }),
      };
      const page = { limit, ...(cursor !== undefined && { cursor }) };
      const { items, nextCursor } = await (await store()).audit.list(filter, page);
      if (json) return out(writeJson({ entries: items, next_cursor: nextCursor }));
      const rows = items.map((entry) => [
        entry.at,
        entry.by,
        entry.operation,
        entry.rule_version === null ? entry.target : `${entry.target} v${entry.rule_version}`,
        entry.brand,
        entry.code === null ? entry.outcome : `${entry.outcome}: ${entry.code}`,
        entry.what === null ? null : writeJson(entry.what),
      ]);
      out(table(['TIME', 'BY', 'OPERATION', 'WHAT', 'BRAND', 'OUTCOME', 'ASKED FOR'], rows));
      if (nextCursor !== null) note(`\nmore: --cursor ${nextCursor}`);
    });
}
