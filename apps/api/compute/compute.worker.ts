/** One thread from the outside: started when it is needed, ended when it takes too long, and then started anew. */
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Rule } from '#libs/domain/rules/rule.ts';
import { ApiError } from '../http/api.error.ts';
import { pack, unpack, type FromThread, type ToThread } from './compute.messages.ts';
import type { Computation } from './computations.ts';

/** Node runs compiled files only: from the sources, too, the thread is the compiled one (`scripts/build.mjs`). */
const isSource = import.meta.url.endsWith('.ts');
const code = new URL(
  isSource ? '../../../dist/apps/api/compute/compute.thread.js' : './compute.thread.js',
  import.meta.url,
);

/** Rules copied in one go; between two, requests are answered. */
const rulesAtOnce = 100;
const megabytes = 512;

export class ComputeWorker {
  readonly #budgetMs: number;
  #thread: Worker | null = null;
  /** Active rules as the thread has them. */
  readonly #sent = new Map<string, Rule>();

  /** @param budgetMs what one computation may take */
  constructor(budgetMs: number) {
    this.#budgetMs = budgetMs;
  }

  /** One at a time. @throws ApiError 422 `too_costly` */
  async compute(name: Computation, input: unknown, active: readonly Rule[] | undefined): Promise<unknown> {
    const thread = (this.#thread ??= await this.#start());
    if (active !== undefined) await this.#sendRules(thread, active);
    const answer = await this.#answer(thread, { kind: 'compute', name, input: pack(input) });
    if (answer.ok) return unpack(answer.output);
    throw Object.assign(new Error(answer.message), { stack: answer.stack });
  }

  async close(): Promise<void> {
    const thread = this.#thread;
    this.#thread = null;
    this.#sent.clear();
    await thread?.terminate();
  }

  async #start(): Promise<Worker> {
    const thread = new Worker(code, { resourceLimits: { maxOldGenerationSizeMb: megabytes } });
    // A process that ends need not wait for it.
    thread.unref();
    await once(thread, 'message');
    // The waiting request gets the same error.
    thread.on('error', () => undefined);
    thread.once('exit', () => {
      if (this.#thread !== thread) return;
      this.#thread = null;
      this.#sent.clear();
    });
    return thread;
  }

  async #sendRules(thread: Worker, active: readonly Rule[]): Promise<void> {
    const ids = new Set(active.map(({ id }) => id));
    const removed = [...this.#sent.keys()].filter((id) => !ids.has(id));
    const changed = active.filter((rule) => this.#sent.get(rule.id) !== rule);
    for (const id of removed) this.#sent.delete(id);
    for (let from = 0; from === 0 || from < changed.length; from += rulesAtOnce) {
      const some = changed.slice(from, from + rulesAtOnce);
      const message: ToThread = { kind: 'rules', put: pack(some), removed: from === 0 ? removed : [] };
      thread.postMessage(message);
      for (const rule of some) this.#sent.set(rule.id, rule);
      if (changed.length > rulesAtOnce) await setImmediate();
    }
  }

  async #answer(thread: Worker, question: ToThread): Promise<FromThread> {
    const ended = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<FromThread>((resolve, reject) => {
        thread.once('message', resolve);
        once(thread, 'exit', { signal: ended.signal }).then(
          () => reject(new Error('a thread of the API has ended')),
          (error: unknown) => reject(isOutOfMemory(error) ? tooCostly(this.#budgetMs) : (error as Error)),
        );
        timer = setTimeout(() => reject(tooCostly(this.#budgetMs)), this.#budgetMs);
        thread.postMessage(question);
      });
    } catch (error) {
      await this.close();
      throw error;
    } finally {
      clearTimeout(timer);
      ended.abort();
    }
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

function tooCostly(budgetMs: number): ApiError {
  const message = `This takes more than ${budgetMs} ms of computing: send a smaller event or rule, or fewer conditions.`;
  return new ApiError(422, 'too_costly', message);
}
