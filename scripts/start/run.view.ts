/** Shows the runs of one event: each action as it ends, as the worker's log tells, each run's end as its record tells. */
import type { RunRecord, RunStatus } from '#libs/domain/runs/run.ts';
import type { LogEntry, LogTail } from './log.tail.ts';
import { actionLine, type ActionLine, type ExampleLines } from './terminal.ts';

export interface RunScreen {
  workerLog: LogTail;
  lines: ExampleLines;
  print: (line: string) => void;
}

const ended: ReadonlySet<RunStatus> = new Set(['completed', 'failed', 'skipped']);

export function hasEnded({ status }: Pick<RunRecord, 'status'>): boolean {
  return ended.has(status);
}

export class RunView {
  readonly #screen: RunScreen;
  readonly #names: Map<string, string>;
  readonly #shownActions = new Set<string>();
  readonly #shownRuns = new Set<string>();

  constructor(screen: RunScreen, runs: RunRecord[]) {
    this.#screen = screen;
    this.#names = new Map(runs.map((run) => [run.rule_id, run.rule_name]));
  }

  show(runs: RunRecord[]): void {
    const { workerLog } = this.#screen;
    const ids = new Set(runs.map((run) => run.run_id));
    // What is skipped has ended before anything begins.
    this.#ended(runs.filter((run) => run.status === 'skipped'));
    for (const entry of workerLog.read()) {
      const said = actionOf(entry);
      if (said !== null && ids.has(said.runId)) this.#action(said.runId, said.line);
    }
    this.#ended(runs.filter(hasEnded));
  }

  #ended(runs: RunRecord[]): void {
    const { lines, print } = this.#screen;
    for (const run of runs.filter(({ run_id }) => !this.#shownRuns.has(run_id))) {
      this.#shownRuns.add(run.run_id);
      // The log may lag behind the record, or be set to a higher level.
      for (const action of run.actions) {
        this.#action(run.run_id, actionLine(run.rule_name, run.actions.length, action));
      }
      print(lines.run(run, run.stopped_by === null ? null : (this.#names.get(run.stopped_by) ?? null)));
    }
  }

  #action(runId: string, line: ActionLine): void {
    const key = `${runId}/${line.index}`;
    if (this.#shownActions.has(key)) return;
    this.#shownActions.add(key);
    this.#screen.print(this.#screen.lines.action(line));
  }
}

const actionMessages = new Set(['action completed', 'action failed', 'action skipped']);

/** The action a line of the worker's log is about, or null. */
function actionOf(entry: LogEntry): { runId: string; line: ActionLine } | null {
  if (!actionMessages.has(entry.msg)) return null;
  const text = (name: string): string => {
    const value = entry[name];
    return typeof value === 'string' ? value : '';
  };
  const { index, total } = entry;
  const error = entry['error'] as { message?: string } | undefined;
  if (typeof index !== 'number' || typeof total !== 'number') return null;
  return {
    runId: text('runId'),
    line: {
      rule: text('ruleName'),
      index,
      total,
      type: text('action'),
      status: entry.msg.slice('action '.length),
      detail: error?.message ?? text('detail'),
    },
  };
}
