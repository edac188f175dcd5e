import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ActionOutcome, RunRecord } from '#libs/domain/runs/run.ts';
import { LogTail } from './log.tail.ts';
import { RunView } from './run.view.ts';
import { ExampleLines, paintFor } from './terminal.ts';

let folder: string;
let log: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-view-'));
  log = join(folder, 'worker.log');
  writeFileSync(log, '');
});
afterEach(() => rmSync(folder, { recursive: true }));

const action: ActionOutcome = {
  index: 0,
  type: 'notify.manager',
  status: 'completed',
  attempts: 1,
  started_at: null,
  finished_at: null,
  detail: 'notified',
};
const running: RunRecord = {
  run_id: 'r:e',
  rule_id: 'r',
  rule_name: 'Rule',
  rule_version: 1,
  brand: null,
  trigger_event: 'trade.opened',
  event_id: 'e',
  login: null,
  customer_id: null,
  status: 'running',
  reason: null,
  stopped_by: null,
  claimed_at: '',
  started_at: null,
  finished_at: null,
  duration_ms: null,
  error: null,
  actions: [],
};
const completed: RunRecord = { ...running, status: 'completed', duration_ms: 10, actions: [action] };

function view(runs: RunRecord[]) {
  const printed: string[] = [];
  const lines = new ExampleLines(paintFor({}, {}), 100);
  return {
    printed,
    view: new RunView({ workerLog: new LogTail(log), lines, print: (line) => printed.push(line) }, runs),
  };
}

function said(runId: string): string {
  const entry = {
    level: 30,
    msg: 'action completed',
    runId,
    ruleName: 'Rule',
    action: 'notify.manager',
    index: 0,
    total: 1,
  };
  return `${JSON.stringify({ ...entry, detail: 'notified' })}\n`;
}

const actionLine = '   1/1  notify.manager           completed  notified';
const runLine = '   run completed in 10 ms';

describe('the view of an event’s runs', () => {
  it('shows an action as soon as the log tells of it, and once', () => {
    const { printed, view: runs } = view([running]);
    runs.show([running]);
    expect(printed).toEqual([]);
    appendFileSync(log, said('r:e') + said('other:e'));
    runs.show([running]);
    expect(printed).toEqual([actionLine]);
    runs.show([completed]);
    runs.show([completed]);
    expect(printed).toEqual([actionLine, runLine]);
  });

  it('takes the actions from the record where the log says nothing', () => {
    const { printed, view: runs } = view([completed]);
    runs.show([completed]);
    expect(printed).toEqual([actionLine, runLine]);
  });

  it('names the rule that held a run back, before anything else', () => {
    const skipped: RunRecord = {
      ...running,
      run_id: 's:e',
      rule_id: 's',
      rule_name: 'Second',
      status: 'skipped',
      stopped_by: 'r',
    };
    const { printed, view: runs } = view([completed, skipped]);
    runs.show([completed, skipped]);
    expect(printed[0]).toBe('   skipped: Second, held back by "Rule"');
  });
});
