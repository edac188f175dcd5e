import type { WorkflowInfo } from '@temporalio/workflow';
import { Writable } from 'node:stream';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createLogger } from '#libs/telemetry/logger.ts';
import type { ActionReport, RunReport } from '#temporal/contract/sinks.ts';
import { createReportSinks } from './workflow-sinks.ts';

const names = { runId: 'r-1:e-1', ruleId: 'r-1', ruleName: 'Big deposit', eventId: 'e-1', tenant: 'acme' };
const info = {} as WorkflowInfo;

function setUp() {
  const lines: Array<Record<string, unknown>> = [];
  const destination = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
      done();
    },
  });
  const registry = new Registry();
  const { outcomes } = createReportSinks(createLogger('worker', 'info', destination), registry);
  const action = (outcome: Partial<ActionReport['outcome']>) =>
    void outcomes.action.fn(info, {
      ...names,
      total: 3,
      outcome: {
        index: 1,
        type: 'webhook.send',
        status: 'completed',
        attempts: 2,
        started_at: '2026-01-05T10:00:00.000Z',
        finished_at: '2026-01-05T10:00:01.500Z',
        ...outcome,
      },
    });
  const run = (report: Partial<RunReport>) =>
    void outcomes.run.fn(info, { ...names, status: 'completed', durationMs: 12, error: null, ...report });
  return { lines, registry, action, run };
}

describe('what runs report', () => {
  it('is one line for each action', () => {
    const { lines, action } = setUp();
    action({ detail: 'POST https://example.com → 200' });
    action({ index: 2, status: 'failed', error: { code: 'webhook_status', message: 'answered 500' } });
    expect(lines).toMatchObject([
      {
        level: 30,
        msg: 'action completed',
        runId: 'r-1:e-1',
        ruleName: 'Big deposit',
        action: 'webhook.send',
        index: 1,
        total: 3,
        attempts: 2,
        durationMs: 1500,
        detail: 'POST https://example.com → 200',
      },
      { level: 40, msg: 'action failed', error: { code: 'webhook_status', message: 'answered 500' } },
    ]);
  });

  it('is one line for the end of a run', () => {
    const { lines, run } = setUp();
    run({ status: 'failed', error: { code: 'Cancelled', message: 'The run was cancelled', action: 'action-1' } });
    expect(lines).toMatchObject([{ level: 40, msg: 'run failed', durationMs: 12, error: { code: 'Cancelled' } }]);
  });

  it('is counted by type and outcome', async () => {
    const { registry, action } = setUp();
    action({});
    action({ index: 2, status: 'skipped', type: 'kyc.require_step' });
    const text = await registry.metrics();
    expect(text).toContain('signalbox_actions_total{type="webhook.send",outcome="completed"} 1');
    expect(text).toContain('signalbox_actions_total{type="kyc.require_step",outcome="skipped"} 1');
    expect(text).toContain('signalbox_action_duration_seconds_sum{type="webhook.send"} 1.5');
  });

  it('is one line and one count when a repeated workflow task reports it again', async () => {
    const { lines, registry, action, run } = setUp();
    for (let times = 0; times < 2; times += 1) {
      action({});
      run({});
    }
    expect(lines).toMatchObject([{ msg: 'action completed' }, { msg: 'run completed' }]);
    const text = await registry.metrics();
    expect(text).toContain('signalbox_actions_total{type="webhook.send",outcome="completed"} 1');
  });
});
