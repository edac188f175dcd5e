/** Rejects with the reason of the signal once it is aborted; never resolves. */
export function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

/** Resolves as the work does; rejects with the reason of the first of the signals that is aborted. Leaves no listener behind. */
export async function unlessAborted<T>(work: Promise<T>, signals: readonly AbortSignal[]): Promise<T> {
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    const listeners = signals.map((signal) => {
      const abort = (): void => reject(signal.reason as Error);
      if (signal.aborted) abort();
      signal.addEventListener('abort', abort, { once: true });
      return () => signal.removeEventListener('abort', abort);
    });
    stop = () => {
      for (const remove of listeners) remove();
    };
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    stop();
  }
}
