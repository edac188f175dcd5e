/** `signalbox audit` */
import { auditOperations } from '#libs/domain/access/audit-log.ts';
import { writeJson } from '#libs/domain/json/stringify-json.ts';
import { command, noArguments, readOneOf, wholeNumber } from './command.ts';
import { table } from './table.ts';

const text = { type: 'string' } as const;

export const auditCommand = command({
  name: 'audit',
  summary: 'List who changed what, newest first',
  details: `
Usage: signalbox audit [--by NAME] [--target TARGET] [--operation OPERATION] [--brand BRAND] [--limit N]
                       [--cursor CURSOR] [--json]

  --target TARGET        such as rule/ID or run/ID
  --operation OPERATION  ${auditOperations.slice(0, 9).join('|')}|
                         ${auditOperations.slice(9).join('|')}
  --limit N              at most this many (default 20)
  --cursor CURSOR        the next page, as the page before it named it`,
  options: {
    by: text,
    target: text,
    operation: text,
    brand: text,
    limit: { type: 'string', default: '20' },
    cursor: text,
    json: { type: 'boolean' },
  },
  async run({ values, positionals }, { store, out, note }) {
    noArguments(positionals);
    const { by, target, operation, brand, limit, cursor, json } = values;
    const filter = {
      ...(by !== undefined && { by }),
      ...(target !== undefined && { target }),
      ...(operation !== undefined && { operation: readOneOf('--operation', operation, auditOperations) }),
      ...(brand !== undefined && { brand }),
    };
    const page = { limit: wholeNumber('limit', limit, { min: 1, max: 500 }), ...(cursor !== undefined && { cursor }) };
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
  },
});
