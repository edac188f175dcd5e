/** Ctrl-C: the first asks for an orderly end, a second one a while later forces it. */

export interface Interrupt {
  /** Aborted at the first signal. */
  signal: AbortSignal;
  dispose(): void;
}

/** npm passes on a Ctrl-C that the terminal has sent to this process already: within this time both are one. */
const sameMs = 1_000;

/**
 * @param force called at the second signal; it must end the process
 */
export function onInterrupt(force: () => void, host: Pick<NodeJS.Process, 'on' | 'off'> = process): Interrupt {
  const controller = new AbortController();
  let first = 0;
  const handle = (name: NodeJS.Signals): void => {
    if (first === 0) {
      first = Date.now();
      controller.abort(new Interrupted(name));
    } else if (Date.now() - first > sameMs) force();
  };
  const names: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const name of names) host.on(name, handle);
  return {
    signal: controller.signal,
    dispose: () => {
      for (const name of names) host.off(name, handle);
    },
  };
}

export class Interrupted extends Error {
  override name = 'Interrupted';
  constructor(readonly signalName: NodeJS.Signals) {
    super(`interrupted by ${signalName}`);
  }
}

/** Settles as `work` does, or rejects with the reason as soon as the signal is aborted. */
export async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
