import { describe, expect, it } from 'vitest';
import type { RunRecord } from '#libs/domain/runs/run.ts';
import { ExampleLines, milliseconds, paintFor } from './terminal.ts';

const plain = paintFor({ isTTY: false }, {});
const rules = ['Large gold position', 'Withdrawal courtesy call'];

const record: RunRecord = {
  run_id: 'r:e',
  rule_id: 'r',
  rule_name: 'Large gold position',
  rule_version: 1,
  brand: null,
  trigger_event: 'trade.opened',
  event_id: 'e',
  login: null,
  customer_id: null,
  status: 'completed',
  reason: null,
  stopped_by: null,
  claimed_at: '',
  started_at: null,
  finished_at: null,
  duration_ms: 180,
  error: null,
  actions: [],
};

describe('terminal lines', () => {
  it('have colours on a terminal only, and not where they are refused', () => {
    const colours = (tty: boolean, env: NodeJS.ProcessEnv) => paintFor({ isTTY: tty }, env).good('x') !== 'x';
    expect(colours(true, {})).toBe(true);
    expect(colours(false, {})).toBe(false);
    expect(colours(true, { NO_COLOR: '1' })).toBe(false);
    expect(colours(true, { TERM: 'dumb' })).toBe(false);
  });

  it('keep rules, actions and outcomes in columns and cut what is too long', () => {
    const lines = new ExampleLines(plain, 100);
    expect(lines.matched(rules)).toBe('   matched: Large gold position, Withdrawal courtesy call');
    const line = (rule: string, status: string, detail: string) =>
      lines.action({ rule, index: 0, total: 3, type: 'webhook.send', status, detail });
    const [one, two] = [
      line('Large gold position', 'completed', '200'),
      line('Withdrawal courtesy call', 'failed', 'y'.repeat(300)),
    ];
    expect(one.indexOf('1/3')).toBe(two.indexOf('1/3'));
    expect(one.indexOf('completed')).toBe(two.indexOf('failed'));
    expect(two.length).toBe(100);
    expect(lines.action({ rule: 'A', index: 0, total: 1, type: 'delay', status: 'completed', detail: 'a\nb' })).toMatch(
      /a b$/,
    );
  });

  it('name the rule only where several run', () => {
    const lines = new ExampleLines(plain, 100);
    lines.matched(rules);
    expect(lines.run(record, null)).toBe('   Large gold position       run completed in 180 ms');
    lines.matched(rules.slice(0, 1));
    expect(lines.run(record, null)).toBe('   run completed in 180 ms');
    expect(lines.matched([])).toBe('   no rule runs');
  });

  it('tell how a run ended and why', () => {
    const lines = new ExampleLines(plain, 100);
    const failed: RunRecord = {
      ...record,
      status: 'failed',
      error: { code: 'webhook_status', message: 'm', action: 'a' },
    };
    expect(lines.run(failed, null)).toBe('   run failed in 180 ms: webhook_status');
    const skipped: RunRecord = { ...record, status: 'skipped', reason: 'stop_after', stopped_by: 'r2' };
    expect(lines.run(skipped, 'Review')).toBe('   skipped: Large gold position, held back by "Review"');
  });

  it('give times that people read', () => {
    expect([milliseconds(12.4), milliseconds(1530)]).toEqual(['12 ms', '1.5 s']);
  });
});
