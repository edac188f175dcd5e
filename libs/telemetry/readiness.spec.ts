import { describe, expect, it } from 'vitest';
import type { HealthCheck } from './health.ts';
import { createLogger } from './logger.ts';
import { Readiness } from './readiness.ts';

function collectingLog() {
  const lines: Record<string, unknown>[] = [];
  const log = createLogger('test', 'info', { write: (line) => void lines.push(JSON.parse(line)) });
  return { log, lines };
}

class Switchable implements HealthCheck {
  readonly name = 'store';
  error: Error | null = null;
  asked = 0;

  async check(): Promise<void> {
    this.asked += 1;
    if (this.error) throw this.error;
  }
}

const hanging: HealthCheck = { name: 'kafka', check: () => new Promise(() => {}) };

describe('Readiness', () => {
  it('reports a dependency that answered as up', async () => {
    const { log } = collectingLog();
    const report = await new Readiness([new Switchable()], { log }).report();
    expect(report).toEqual([{ name: 'store', status: 'up', durationMs: expect.any(Number) }]);
  });

  it('names the dependency that is down and why', async () => {
    const { log } = collectingLog();
    const store = new Switchable();
    store.error = new Error('connection refused');
    const report = await new Readiness([store], { log }).report();
    expect(report).toMatchObject([{ name: 'store', status: 'down', error: 'connection refused' }]);
  });

  it('masks what a dependency says', async () => {
    const { log } = collectingLog();
    const store = new Switchable();
    store.error = new Error('cannot reach mongodb://signalbox:hunter2@store:27017/signalbox');
    const report = await new Readiness([store], { log }).report();
    expect(report[0]?.error).toContain('cannot reach mongodb://');
    expect(report[0]?.error).not.toContain('hunter2');
  });

  it('answers by the deadline although a check ignores its signal, and still reports the others', async () => {
    const { log } = collectingLog();
    const report = await new Readiness([hanging, new Switchable()], { log, deadlineMs: 20 }).report();
    expect(report).toMatchObject([
      { name: 'kafka', status: 'down', error: 'no answer within 20 ms' },
      { name: 'store', status: 'up' },
    ]);
  });

  it('aborts the signal of a check that is too late', async () => {
    const { log } = collectingLog();
    let signal: AbortSignal | undefined;
    const check: HealthCheck = {
      name: 'kafka',
      check: (given) => {
        signal = given;
        return new Promise(() => {});
      },
    };
    await new Readiness([check], { log, deadlineMs: 20 }).report();
    expect(signal?.aborted).toBe(true);
  });

  it('logs a change once, and healthy probes never', async () => {
    const { log, lines } = collectingLog();
    const store = new Switchable();
    const readiness = new Readiness([store], { log });
    await readiness.report();
    await readiness.report();
    expect(lines).toEqual([]);
    store.error = new Error('away');
    await readiness.report();
    await readiness.report();
    store.error = null;
    await readiness.report();
    await readiness.report();
    expect(lines.map(({ msg, dependency }) => [msg, dependency])).toEqual([
      ['store is down', 'store'],
      ['store is up again', 'store'],
    ]);
  });

  it('asks a dependency once for probes that overlap', async () => {
    const { log } = collectingLog();
    const store = new Switchable();
    const readiness = new Readiness([store], { log });
    await Promise.all([readiness.report(), readiness.report(), readiness.report()]);
    expect(store.asked).toBe(1);
  });
});
