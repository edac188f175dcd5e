import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { createRunCounter } from './run-counter.ts';

it('counts a run once by its outcome, however often its end is written', async () => {
  const registry = new Registry();
  const count = createRunCounter(registry);
  count('r-1:e-1', { status: 'completed', durationMs: 5, error: null });
  count('r-1:e-1', { status: 'completed', durationMs: 5, error: null });
  count('r-1:e-2', { status: 'failed', durationMs: 5, error: { code: 'Terminated', message: 'no', action: null } });
  const text = await registry.metrics();
  expect(text).toContain('signalbox_runs_ended_total{outcome="completed"} 1');
  expect(text).toContain('signalbox_runs_ended_total{outcome="failed"} 1');
});
