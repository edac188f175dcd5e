import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { runApp, type App, type ProcessConfig, type ProcessHost } from './run-app.ts';

/** Stands in for Node's `process`. */
class Host extends EventEmitter {
  exits: number[] = [];
  printed = '';
  stderr = { write: (text: string) => (this.printed += text) };

  exit(code: number): void {
    this.exits.push(code);
  }

  get asProcess(): ProcessHost {
    return this as unknown as ProcessHost;
  }
}

function app(start: App<ProcessConfig>['start'], shutdownGraceMs = 5000): App<ProcessConfig> {
  return { name: 'test', loadConfig: () => ({ process: { logLevel: 'silent', shutdownGraceMs } }), start };
}

const runs = () => Promise.resolve({ close: () => Promise.resolve() });

describe('runApp', () => {
  it('prints what is wrong with the configuration, without a stack, and exits 1', async () => {
    const host = new Host();
    const loadConfig = () => {
      throw new Error('API_PORT: expected a number');
    };
    await runApp({ ...app(runs), loadConfig }, host.asProcess);
    expect(host.printed).toBe('test: API_PORT: expected a number\n');
    expect(host.exits).toEqual([1]);
  });

  it('exits 1 when the start fails', async () => {
    const host = new Host();
    await runApp(
      app(() => Promise.reject(new Error('port taken'))),
      host.asProcess,
    );
    expect(host.exits).toEqual([1]);
  });

  it.each(['SIGTERM', 'SIGINT'])('closes once and exits 0 after %s, however often it comes', async (signal) => {
    const host = new Host();
    const close = vi.fn(() => Promise.resolve());
    await runApp(
      app(() => Promise.resolve({ close })),
      host.asProcess,
    );
    host.emit(signal, signal);
    host.emit(signal, signal);
    await vi.waitFor(() => expect(host.exits).toEqual([0]));
    expect(close).toHaveBeenCalledTimes(1);
  });

  it('tells the app that it is stopping before it closes it', async () => {
    const host = new Host();
    let stoppingAtClose: boolean | undefined;
    await runApp(
      app(({ stopping }) =>
        Promise.resolve({
          close: () => {
            stoppingAtClose = stopping.aborted;
            return Promise.resolve();
          },
        }),
      ),
      host.asProcess,
    );
    host.emit('SIGTERM', 'SIGTERM');
    await vi.waitFor(() => expect(stoppingAtClose).toBe(true));
  });

  it('exits 1 when closing takes longer than the grace period', async () => {
    const host = new Host();
    await runApp(
      app(() => Promise.resolve({ close: () => new Promise(() => {}) }), 10),
      host.asProcess,
    );
    host.emit('SIGTERM', 'SIGTERM');
    await vi.waitFor(() => expect(host.exits).toEqual([1]));
  });

  it('exits 1 when closing fails', async () => {
    const host = new Host();
    await runApp(
      app(() => Promise.resolve({ close: () => Promise.reject(new Error('stuck')) })),
      host.asProcess,
    );
    host.emit('SIGTERM', 'SIGTERM');
    await vi.waitFor(() => expect(host.exits).toEqual([1]));
  });

  it.each(['uncaughtException', 'unhandledRejection'])('exits 1 on %s', async (event) => {
    const host = new Host();
    await runApp(app(runs), host.asProcess);
    host.emit(event, new Error('forgotten'));
    expect(host.exits).toEqual([1]);
  });
});
