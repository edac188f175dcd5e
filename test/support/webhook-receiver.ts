/** A receiver of webhooks as a process: killed and started again, it has the same port and what had come. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../stack/ports.ts';

/** A request that came, repetitions included. */
export interface Arrival {
  /** `webhook-id` */
  id: string;
  body: string;
}

const program = fileURLToPath(new URL('webhook-receiver.mjs', import.meta.url));

export class ReceiverProcess {
  readonly url: string;
  readonly #port: number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'signalbox-receiver-'));
  readonly #file = join(this.#folder, 'arrivals.jsonl');
  readonly #arrivals: Arrival[] = [];
  /** Bytes of the file that are among the arrivals. */
  #read = 0;
  #child: ChildProcessByStdio<null, Readable, null> | null = null;

  private constructor(port: number) {
    this.#port = port;
    this.url = `http://127.0.0.1:${port}`;
    writeFileSync(this.#file, '');
  }

  static async create(): Promise<ReceiverProcess> {
    const receiver = new ReceiverProcess(await freePort());
    await receiver.start();
    return receiver;
  }

  /** In their order. Of a process that was killed, everything it has answered is among them. */
  get arrivals(): readonly Arrival[] {
    const written = readFileSync(this.#file);
    // Behind it a line may be on its way.
    const end = written.lastIndexOf('\n') + 1;
    const lines = written.subarray(this.#read, end).toString().split('\n').slice(0, -1);
    this.#arrivals.push(...lines.map((line) => JSON.parse(line) as Arrival));
    this.#read = end;
    return this.#arrivals;
  }

  /** Resolves when it takes requests. */
  async start(): Promise<void> {
    this.#child = spawn(process.execPath, [program, String(this.#port), this.#file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(this.#child.stdout, 'data');
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    this.#child = null;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true });
  }
}
