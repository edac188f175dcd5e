/** Drives the hand-written workflows: starts many, waits until all have ended. */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { waitUntil } from '../wait.ts';

interface Options {
  temporal: string;
  /** URI of the baseline's own database. */
  mongodb: string;
  taskQueue: string;
}

export class Baseline {
  readonly #options: Options;
  readonly #worker: ChildProcess;
  readonly #connection: Connection;
  readonly #client: Client;
  #ended = 0;
  #started = 0;

  private constructor(options: Options, worker: ChildProcess, connection: Connection) {
    this.#options = options;
    this.#worker = worker;
    this.#connection = connection;
    this.#client = new Client({ connection });
  }

  static async start(options: Options): Promise<Baseline> {
    const worker = fork(fileURLToPath(new URL('./worker.js', import.meta.url)), {
      env: {
        ...process.env,
        TEMPORAL_ADDRESS: options.temporal,
        MONGODB_URI: options.mongodb,
        BASELINE_TASK_QUEUE: options.taskQueue,
      },
    });
    const baseline = new Baseline(options, worker, await Connection.connect({ address: options.temporal }));
    let ready = false;
    worker.on('message', (message: { ready?: true; ended?: number }) => {
      if (message.ready === true) ready = true;
      if (message.ended !== undefined) baseline.#ended = message.ended;
    });
    await waitUntil('the start of the baseline worker', 60_000, () => {
      if (worker.exitCode !== null) throw new Error(`the baseline worker ended with ${worker.exitCode}`);
      return ready;
    });
    return baseline;
  }

  get pid(): number {
    return this.#worker.pid ?? Number.NaN;
  }

  /** @returns runs completed per second, from the first start to the last end */
  async rate(
    workflow: 'threeCalls' | 'threeWrites' | 'empty',
    count: number,
    args: (n: number) => unknown[],
  ): Promise<number> {
    const expected = this.#ended + count;
    const from = performance.now();
    let next = 0;
    const starter = async (): Promise<void> => {
      while (next < count) {
        const n = next;
        next += 1;
        await this.start(workflow, args(n));
      }
    };
    // As many starts at once as the ingress has under way.
    await Promise.all(Array.from({ length: 32 }, starter));
    await waitUntil(`the end of ${count} ${workflow} workflows`, 300_000, () => this.#ended >= expected);
    return (count / (performance.now() - from)) * 1000;
  }

  /**
   * Starts workflows that ask, then answers them all.
   * @param atOnce answers under way at the same time
   * @returns workflows ended per second, from the first answer on
   */
  async answered(count: number, atOnce: number): Promise<number> {
    const waiting = await Promise.all(
      Array.from({ length: count }, (_, n) => this.start('oneQuestion', [`C-${n}`, `question-${this.#started}-${n}`])),
    );
    const expected = this.#ended + count;
    const from = performance.now();
    const answerer = async (): Promise<void> => {
      for (let run = waiting.pop(); run !== undefined; run = waiting.pop()) await run.executeUpdate('answer');
    };
    await Promise.all(Array.from({ length: atOnce }, answerer));
    await waitUntil('the end of all that was answered', 300_000, () => this.#ended >= expected);
    return (count / (performance.now() - from)) * 1000;
  }

  async start(workflow: string, args: unknown[]): Promise<WorkflowHandle> {
    this.#started += 1;
    return this.#client.workflow.start(workflow, {
      taskQueue: this.#options.taskQueue,
      workflowId: `${this.#options.taskQueue}-${this.#started}`,
      args,
    });
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.#worker.once('exit', resolve));
    this.#worker.disconnect();
    await gone;
    await this.#connection.close();
  }
}
