const firstMs = 1_000;
const longestMs = 30_000;

/** @returns how long to wait after so many failures, in milliseconds: longer each time, and never as long as others */
export function backoff(failures: number, random = Math.random): number {
  const most = Math.min(longestMs, firstMs * 2 ** failures);
  return most * (0.5 + random() / 2);
}

/** Resolves early when the browser is back on its network, or with `signal`. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    window.addEventListener('online', done);
    signal.addEventListener('abort', done);
  });
}
