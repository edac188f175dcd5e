/** Reads what a process has added to its JSON log since the last look. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

export interface LogEntry {
  /** pino's number: 40 is a warning. */
  level: number;
  msg: string;
  [field: string]: unknown;
}

export class LogTail {
  readonly #file: string;
  #offset = 0;
  #rest: Buffer = Buffer.alloc(0);

  constructor(file: string) {
    this.#file = file;
  }

  /** The entries since the last call. A line that is not finished yet comes with the next; one that is no entry never. */
  read(): LogEntry[] {
    const descriptor = openSync(this.#file, 'r');
    try {
      const added = Buffer.alloc(Math.max(fstatSync(descriptor).size - this.#offset, 0));
      this.#offset += readSync(descriptor, added, 0, added.length, this.#offset);
      const text = Buffer.concat([this.#rest, added]);
      const end = text.lastIndexOf('\n') + 1;
      this.#rest = text.subarray(end);
      return text.subarray(0, end).toString('utf8').split('\n').flatMap(entryOf);
    } finally {
      closeSync(descriptor);
    }
  }
}

/** Anything may write to a process's stdout: only objects with a level and a message count. */
function entryOf(line: string): LogEntry[] {
  if (!line.startsWith('{')) return [];
  try {
    const entry = JSON.parse(line) as Partial<LogEntry>;
    return typeof entry.level === 'number' && typeof entry.msg === 'string' ? [entry as LogEntry] : [];
  } catch {
    return [];
  }
}
