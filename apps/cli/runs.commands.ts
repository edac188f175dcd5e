/** `signalbox runs …` */
import { InvalidArgumentError, Option, type Command } from '@commander-js/extra-typings';
import { parseIsoTime } from '#libs/domain/values/iso-time.ts';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import type { AdmissionNote, RunRecord } from '#libs/domain/runs/run.ts';
import { brandOption, cursorOption, jsonOption, limitOption, wholeNumber, type Tools } from './command.ts';
import { details, table } from './table.ts';

const statuses = ['held', 'running', 'paused', 'completed', 'failed', 'skipped'] as const;

export function addRunCommands(runs: Command, { store, out, note }: Tools): void {
  runs
    .command('list')
    .description('List runs, newest first')
    .option('--rule <id>')
    .addOption(brandOption)
    .addOption(new Option('--status <status>').choices(statuses))
    .option('--trigger <event>')
    .option('--customer <id>')
    .option('--login <login>', '', wholeNumber(0))
    .option('--event <id>')
    .option('--from <time>', 'decided then or later (ISO 8601)', time)
    .option('--to <time>', 'decided before', time)
    .addOption(limitOption(500))
    .addOption(cursorOption)
    .addOption(jsonOption)
    .action(async ({ rule, brand, status, trigger, customer, login, event, from, to, limit, cursor, json }) => {
      const filter = {
        ...(rule !== undefined && { ruleId: rule }),
        ...(brand !== undefined && { brand }),
        ...(status !== undefined && { status }),
        ...(trigger !== undefined && { trigger }),
        ...(customer !== undefined && { customerId: customer }),
        ...(login !== undefined && { login }),
        ...(event !== undefined && { eventId: event }),
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
      };
      const page = { limit, ...(cursor !== undefined && { cursor }) };
      const { items, nextCursor } = await (await store()).runs.list(filter, page);
      if (json) return out(JSON.stringify({ runs: items.map(shown), next_cursor: nextCursor }));
      const rows = items
        .map(shown)
        .map((run) => [
          run.claimed_at,
          run.status,
          run.run_id,
          run.brand,
          run.trigger_event,
          run.customer_id ?? run.login,
          summary(run),
        ]);
      out(table(['TIME', 'STATUS', 'RUN', 'BRAND', 'TRIGGER', 'CUSTOMER OR LOGIN', 'OUTCOME'], rows));
      if (nextCursor !== null) note(`\nmore: --cursor ${nextCursor}`);
    });

  runs
    .command('show')
    .argument('<id>', 'of a run')
    .description('Show a run and what became of each action')
    .addOption(jsonOption)
    .action(async (id, { json }) => {
      const found = await (await store()).runs.get(id);
      if (found === null) throw new PermanentError('run_not_found', `There is no run "${id}".`);
      out(json ? JSON.stringify(shown(found)) : runText(shown(found)));
    });
}

/** A claimed run counts as running, whether or not its workflow has begun. */
function shown(run: RunRecord): RunRecord {
  return run.status === 'claimed' ? { ...run, status: 'running' } : run;
}

function summary(run: RunRecord): string {
  if (run.error !== null) return `${run.error.action ?? ''} ${run.error.code}`.trim();
  if (run.stopped_by !== null) return `held back by ${run.stopped_by}`;
  if (run.status === 'held' || run.status === 'skipped') return run.reason ?? '';
  return run.duration_ms === null ? '' : `${run.duration_ms} ms`;
}

function runText(run: RunRecord): string {
  const fields = details([
    ['run', run.run_id],
    ['rule', `${run.rule_name} (${run.rule_id} v${run.rule_version})`],
    ['status', run.status],
    ['brand', run.brand],
    ['trigger', run.trigger_event],
    ['event', run.event_id],
    ['customer', run.customer_id],
    ['login', run.login],
    ['decided', run.claimed_at],
    ['started', run.started_at],
    ['finished', finishedText(run)],
    ...(run.reason === null
      ? []
      : ([['reason', [run.reason, run.stopped_by].filter(Boolean).join(' of ')]] as [string, string][])),
    ...guardFields(run.guard),
    ...(run.interventions ?? []).map(({ what, by, reason, at }): [string, string] => [
      what,
      `${at} by ${by}${reason === null ? '' : `: ${reason}`}`,
    ]),
    ...(run.error === null ? [] : ([['error', `${run.error.code}: ${run.error.message}`]] as [string, string][])),
  ]);
  if (run.actions.length === 0) return fields;
  const rows = run.actions.map((action) => [
    action.index + 1,
    action.type,
    action.status,
    action.attempts,
    action.error === undefined ? action.detail : `${action.error.code}: ${action.error.message}`,
  ]);
  return `${fields}\n\n${table(['', 'ACTION', 'STATUS', 'ATTEMPTS', 'DETAIL'], rows)}`;
}

function finishedText({ finished_at: at, duration_ms: ms }: RunRecord): string | null {
  return at === null || ms === null ? at : `${at} (${ms} ms)`;
}

function guardFields(guard: AdmissionNote | undefined): [string, string][] {
  if (guard === undefined) return [];
  const fields: [string, string][] = [['because', guard.note]];
  if (guard.resolved_by !== null) fields.push(['resolved', `${guard.resolved_at} by ${guard.resolved_by}`]);
  return fields;
}

/** @returns ISO 8601 UTC, as the store compares it */
function time(given: string): string {
  const milliseconds = parseIsoTime(given);
  if (milliseconds === null) throw new InvalidArgumentError('It must be a time such as 2026-01-31T12:00:00Z.');
  return new Date(milliseconds).toISOString();
}
