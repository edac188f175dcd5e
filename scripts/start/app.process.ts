/** The apps as child processes, each under the supervisor that also keeps the servers (`stack/supervisor.mjs`). */
import { join } from 'node:path';
import { repositoryRoot } from '../../stack/repository-root.ts';
import { lastLines, launch, type ServerProcess } from '../../stack/server-process.ts';

export const appNames = ['ingress', 'worker', 'delivery', 'api'] as const;
export type AppName = (typeof appNames)[number];

export interface AppProcess {
  name: AppName;
  /** JSON lines. */
  log: string;
  /** `http://127.0.0.1:port` of its health checks; those of `api` serve the API, too. */
  url: string;
  process: ServerProcess;
}

/** An app ended by itself. */
export class AppEndedError extends Error {
  override name = 'AppEndedError';
  constructor({ name, log }: AppProcess, how: string) {
    super(`${name} ended unexpectedly (${how}). The last lines of ${log}:\n\n${lastLines(log, 12)}`);
  }
}

/**
 * Options of the Node process, as measured by the bench. What the ingress allocates dies at once: a nursery of V8's
 * usual size lets a third more memory pile up at full speed and saves nothing. With a heap below 2 GiB, V8 collects what
 * piled up before it is four times what lives; 10,000 rules need 80 MiB. A worker's objects live as long as a step of a
 * run: a large nursery collects them dead instead of copying them. So does `delivery`, whose objects live as long as a
 * request. The worker goes without source maps: the sandbox of the workflows takes a stack trace for every promise, and
 * Node would look each one up.
 */
export function nodeOptions(name: AppName): string[] {
  const options: Record<AppName, string[]> = {
    ingress: ['--enable-source-maps', '--max-semi-space-size=8', '--max-old-space-size=1536'],
    worker: ['--max-semi-space-size=64'],
    delivery: ['--enable-source-maps', '--max-semi-space-size=32'],
    api: ['--enable-source-maps'],
  };
  return options[name];
}

/** @param env everything the app is started with */
export async function startApp(
  name: AppName,
  place: { stateDir: string; url: string },
  env: NodeJS.ProcessEnv,
): Promise<AppProcess> {
  const root = repositoryRoot();
  const log = join(place.stateDir, 'logs', `${name}.log`);
  const child = await launch({
    title: name,
    command: process.execPath,
    args: [...nodeOptions(name), join(root, 'dist', 'apps', name, 'main.js')],
    cwd: root,
    env,
    log,
    record: join(place.stateDir, 'run', name),
    // A little more than the app allows itself.
    graceMs: Number(env['SHUTDOWN_GRACE_MS'] || 20_000) + 5_000,
  });
  return { name, log, url: place.url, process: child };
}

/** A busy machine takes long to start an app. */
const readyWithinMs = 300_000;

/**
 * Resolves when the app and everything it depends on answer.
 *
 * @throws with what is not ready after five minutes
 */
export async function untilReady(app: AppProcess, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + readyWithinMs;
  for (;;) {
    signal.throwIfAborted();
    const waitsFor = await notReady(app.url);
    if (waitsFor === null) return;
    if (Date.now() > deadline) {
      throw new Error(`${app.name} did not get ready within five minutes: ${waitsFor}. Its log: ${app.log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** @returns null when it is ready, else what is missing */
async function notReady(url: string): Promise<string | null> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) });
    if (response.ok) return null;
    const { error = {} } = (await response.json()) as { error?: Record<string, { status: string; error?: string }> };
    const down = Object.entries(error).map(([name, check]) => `${name}: ${check.error ?? check.status}`);
    return down.join('; ') || `status ${response.status}`;
  } catch {
    // It does not listen yet.
    return 'it does not answer';
  }
}
