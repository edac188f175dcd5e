/** The compiled apps as processes that a test can kill and start again, on servers of their own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApp, untilReady, type AppName, type AppProcess } from '../../scripts/start/app.process.ts';
import { freePort } from '../../stack/ports.ts';
import { startStack, type RunningStack } from '../../stack/stack.ts';
import type { Environment } from './ingress.ts';
import { servers, type Servers } from './servers.ts';

export class Installation {
  readonly stack: RunningStack;
  readonly #stateDir: string;
  /** By name, replicas under names of their own. */
  readonly #apps = new Map<string, AppProcess>();

  private constructor(stack: RunningStack, stateDir: string) {
    this.stack = stack;
    this.#stateDir = stateDir;
  }

  /** Starts servers that nobody else uses: a test may kill them. */
  static async create(): Promise<Installation> {
    const stateDir = await mkdtemp(join(tmpdir(), 'signalbox-e2e-'));
    const { TEMPORAL_ADDRESS: _t, KAFKA_BROKERS: _k, MONGODB_URI: _m, ...env } = process.env;
    return new Installation(await startStack({ stateDir, ports: 'free', env }), stateDir);
  }

  get servers(): Servers {
    return servers(this.stack.environment());
  }

  /** The value of a metric without labels of its own. */
  async metric(name: string, metric: string): Promise<number> {
    const text = await (await fetch(`${this.#apps.get(name)?.url}/metrics`)).text();
    const line = text.split('\n').find((one) => one.startsWith(`${metric}{`));
    return Number(line?.split(' ').at(-1));
  }

  /**
   * Starts an app, or starts it again after it was killed, and waits until it is ready.
   * @param as another name for a replica
   */
  async start(name: AppName, own: Environment, as: string = name): Promise<void> {
    const port = await freePort();
    const ports = { [`${name.toUpperCase()}_PORT`]: String(port) };
    const env = { ...process.env, ...own, ...ports };
    const place = { stateDir: join(this.#stateDir, as), url: `http://127.0.0.1:${port}` };
    const app = await startApp(name, place, env);
    this.#apps.set(as, app);
    await untilReady(app, AbortSignal.timeout(300_000));
  }

  /** Where it answers, without a path. */
  url(name: string): string {
    return this.#apps.get(name)?.url ?? '';
  }

  /** SIGKILL: the process has no chance to put anything in order. */
  async kill(name: string): Promise<void> {
    await this.#apps.get(name)?.process.kill();
    this.#apps.delete(name);
  }

  /** SIGSTOP, as a machine that is paused or moved stands still. @returns what lets it go on */
  freeze(name: string): () => void {
    const pid = this.#apps.get(name)?.process.pid;
    if (pid === undefined) throw new Error(`${name} does not run`);
    process.kill(pid, 'SIGSTOP');
    return () => void process.kill(pid, 'SIGCONT');
  }

  /** SIGTERM, and waits until the process has ended by itself. */
  async stop(name: string): Promise<void> {
    await this.#apps.get(name)?.process.stop();
    this.#apps.delete(name);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#apps.keys()].map((name) => this.stop(name)));
    await this.stack.stop();
    await rm(this.#stateDir, { recursive: true, force: true });
  }
}
