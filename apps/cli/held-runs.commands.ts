/** `signalbox runs held|release|discard` */
import type { Command } from '@commander-js/extra-typings';
import { authorName } from './author-name.ts';
import { UsageError } from './cli-error.ts';
import { brandOption, byOption, cursorOption, jsonOption, limitOption, type Tools } from './command.ts';
import { table } from './table.ts';

export function addHeldRuns(runs: Command, { store, heldRuns, out, note }: Tools): void {
  runs
    .command('held')
    .description('List runs that wait because their rule is over its limit, oldest first')
    .option('--rule <id>')
    .addOption(brandOption)
    .addOption(limitOption(500))
    .addOption(cursorOption)
    .addOption(jsonOption)
    .action(async ({ rule, brand, limit, cursor, json }) => {
      const page = { limit, ...(cursor !== undefined && { cursor }) };
      const { items, nextCursor } = await (await store()).runs.listHeld(readFilter(rule, brand), page);
      if (json) return out(JSON.stringify({ runs: items, next_cursor: nextCursor }));
      const rows = items.map((run) => [
        run.claimed_at,
        run.run_id,
        run.rule_name,
        run.brand,
        run.customer_id ?? run.login,
        run.guard?.resolved_by == null
          ? run.guard?.note
          : `release begun by ${run.guard.resolved_by}: release it again`,
      ]);
      out(table(['TIME', 'RUN', 'RULE', 'BRAND', 'CUSTOMER OR LOGIN', 'BECAUSE'], rows));
      if (nextCursor !== null) note(`\nmore: --cursor ${nextCursor}`);
    });

  const addDecision = (
    verb: 'release' | 'discard',
    description: string,
    decideAll: (filter: ReturnType<typeof readFilter>, by: string) => Promise<string>,
  ): void => {
    runs
      .command(verb)
      .argument('[run]', 'its id')
      .description(description)
      .option('--rule <id>', 'instead of one run: all of this rule')
      .option('--brand <brand>', 'with --rule: those of this brand')
      .addOption(byOption)
      .action(async (run, { rule, brand, by }) => {
        if ((run === undefined) === (rule === undefined))
          throw new UsageError('expected the id of a run, or --rule ID');
        if (rule === undefined && brand !== undefined) throw new UsageError('--brand goes with --rule');
        const name = authorName(by);
        if (run === undefined) return out(await decideAll(readFilter(rule, brand), name));
        out(`${(await (await heldRuns())[verb](run, name)).replace('_', ' ')}: ${run}`);
      });
  };
  addDecision(
    'release',
    `Start a held run, or all of a rule

Each starts once, as it was decided when its event came. What is interrupted can be repeated.`,
    async (filter, by) => {
      const { released, refused } = await (await heldRuns()).releaseAll(filter, by);
      return `released ${released}${refused === 0 ? '' : `, refused by Temporal ${refused} (now failed)`}`;
    },
  );
  addDecision(
    'discard',
    'Give up a held run, or all of a rule: they never start\n\nThey stay in the run log as skipped.',
    async (filter, by) => `discarded ${(await (await heldRuns()).discardAll(filter, by)).discarded}`,
  );
}

function readFilter(rule: string | undefined, brand: string | undefined) {
  return { ...(rule !== undefined && { ruleId: rule }), ...(brand !== undefined && { brand }) };
}
