/** `signalbox runs held|release|discard` */
import { authorName } from './author-name.ts';
import { UsageError } from './cli-error.ts';
import { command, noArguments, onlyArgument, wholeNumber, type Command } from './command.ts';
import { table } from './table.ts';

const text = { type: 'string' } as const;
const which = { rule: text, brand: text, by: text } as const;

const held = command({
  name: 'runs held',
  summary: 'List runs that wait because their rule is over its limit, oldest first',
  details: `
Usage: signalbox runs held [--rule ID] [--brand BRAND] [--limit N] [--cursor CURSOR] [--json]

  --limit N         at most this many (default 20)
  --cursor CURSOR   the next page, as the page before it named it`,
  options: {
    rule: text,
    brand: text,
    limit: { type: 'string', default: '20' },
    cursor: text,
    json: { type: 'boolean' },
  },
  async run({ values, positionals }, { store, out, note }) {
    noArguments(positionals);
    const { cursor } = values;
    const page = {
      limit: wholeNumber('limit', values.limit, { min: 1, max: 500 }),
      ...(cursor !== undefined && { cursor }),
    };
    const { items, nextCursor } = await (await store()).runs.listHeld(readFilter(values), page);
    if (values.json) return out(JSON.stringify({ runs: items, next_cursor: nextCursor }));
    const rows = items.map((run) => [
      run.claimed_at,
      run.run_id,
      run.rule_name,
      run.brand,
      run.customer_id ?? run.login,
      run.guard?.resolved_by == null ? run.guard?.note : `release begun by ${run.guard.resolved_by}: release it again`,
    ]);
    out(table(['TIME', 'RUN', 'RULE', 'BRAND', 'CUSTOMER OR LOGIN', 'BECAUSE'], rows));
    if (nextCursor !== null) note(`\nmore: --cursor ${nextCursor}`);
  },
});

const release = command({
  name: 'runs release',
  summary: 'Start a held run, or all of a rule',
  details: `
Usage: signalbox runs release RUN [--by NAME]
       signalbox runs release --rule ID [--brand BRAND] [--by NAME]

Each starts once, as it was decided when its event came. What is interrupted can be repeated.

  --by NAME  who decides (default: your login name)`,
  options: which,
  async run({ values, positionals }, { heldRuns, out }) {
    const runs = await heldRuns();
    const by = authorName(values.by);
    if (values.rule === undefined) {
      const id = onlyArgument(positionals, 'the id of a run (or --rule ID for all of a rule)');
      onlyWithRule(values.brand);
      return out(`${(await runs.release(id, by)).replace('_', ' ')}: ${id}`);
    }
    noArguments(positionals);
    const { released, refused } = await runs.releaseAll(readFilter(values), by);
    out(`released ${released}${refused === 0 ? '' : `, refused by Temporal ${refused} (now failed)`}`);
  },
});

const discard = command({
  name: 'runs discard',
  summary: 'Give up a held run, or all of a rule: they never start',
  details: `
Usage: signalbox runs discard RUN [--by NAME]
       signalbox runs discard --rule ID [--brand BRAND] [--by NAME]

They stay in the run log as skipped.

  --by NAME  who decides (default: your login name)`,
  options: which,
  async run({ values, positionals }, { heldRuns, out }) {
    const runs = await heldRuns();
    const by = authorName(values.by);
    if (values.rule === undefined) {
      const id = onlyArgument(positionals, 'the id of a run (or --rule ID for all of a rule)');
      onlyWithRule(values.brand);
      return out(`${(await runs.discard(id, by)).replace('_', ' ')}: ${id}`);
    }
    noArguments(positionals);
    out(`discarded ${(await runs.discardAll(readFilter(values), by)).discarded}`);
  },
});

export const heldRunCommands: Command[] = [held, release, discard];

function readFilter({ rule, brand }: { rule?: string | undefined; brand?: string | undefined }) {
  return { ...(rule !== undefined && { ruleId: rule }), ...(brand !== undefined && { brand }) };
}

function onlyWithRule(brand: string | undefined): void {
  if (brand !== undefined) throw new UsageError('--brand goes with --rule');
}
