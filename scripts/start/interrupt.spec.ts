import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Interrupted, onInterrupt, unlessAborted } from './interrupt.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function listen() {
  const host = new EventEmitter();
  const force = vi.fn();
  const { signal } = onInterrupt(force, host as unknown as NodeJS.Process);
  return { host, force, signal };
}

describe('Ctrl-C', () => {
  it('asks for an end once, although npm and the terminal both deliver it', () => {
    const { host, force, signal } = listen();
    host.emit('SIGINT', 'SIGINT');
    vi.advanceTimersByTime(200);
    host.emit('SIGINT', 'SIGINT');
    expect(signal.aborted).toBe(true);
    expect(force).not.toHaveBeenCalled();
  });

  it('forces the end when it comes again', () => {
    const { host, force } = listen();
    host.emit('SIGINT', 'SIGINT');
    vi.advanceTimersByTime(1_500);
    host.emit('SIGINT', 'SIGINT');
    expect(force).toHaveBeenCalledOnce();
  });

  it('ends a wait at once', async () => {
    const { host, signal } = listen();
    const waiting = unlessAborted(signal, new Promise(() => {}));
    host.emit('SIGTERM', 'SIGTERM');
    await expect(waiting).rejects.toThrow(Interrupted);
    await expect(unlessAborted(signal, Promise.resolve(1))).rejects.toThrow(Interrupted);
  });

  it('lets a result through while it is not interrupted', async () => {
    const { signal } = listen();
    await expect(unlessAborted(signal, Promise.resolve(1))).resolves.toBe(1);
  });
});
