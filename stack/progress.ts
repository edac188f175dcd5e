import { spawn } from 'node:child_process';

export type Report = (line: string) => void;

const everyMs = 5_000;

/** How long something has taken, for people: `8 s`, `2 min 05 s`. */
export function elapsed(sinceMs: number, nowMs: number = Date.now()): string {
  const seconds = Math.round((nowMs - sinceMs) / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/**
 * Does `work` and reports its start, its state every few seconds, and its end.
 *
 * @param work gets a function that sets the state shown, such as `package 120 of 1900`
 */
export async function withProgress<T>(
  title: string,
  report: Report,
  work: (state: (text: string) => void) => Promise<T>,
): Promise<T> {
  const since = Date.now();
  let state = '';
  report(`${title} …`);
  const timer = setInterval(() => report(`${title}: ${state ? `${state}, ` : ''}${elapsed(since)}`), everyMs);
  try {
    const result = await work((text) => (state = text));
    report(`${title}: done in ${elapsed(since)}`);
    return result;
  } finally {
    clearInterval(timer);
  }
}

/** Runs a build program to its end; its output is shown only in the error if it fails. */
export function runTool(
  command: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; onLine?: (line: string) => void },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.cwd, env: options.env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let tail = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      for (const line of chunk.split('\n')) if (line) options.onLine?.(line);
      tail = (tail + chunk).slice(-4000);
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve(output);
      else
        reject(
          new Error(
            `${command} ${args[0] ?? ''} failed (${signal ?? `exit code ${code}`}):\n${(tail.trim() || output.slice(-4000)).trim()}`,
          ),
        );
    });
  });
}
