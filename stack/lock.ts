import { linkSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { identify, lives } from './process-identity.ts';

export interface Lock {
  release(): void;
}

/**
 * Takes the lock at `path`, or tells which living process holds it.
 *
 * The holder is named in the file with the highest number (`path.1`, `path.2`, …). A dead holder's file is
 * never removed by others: taking over means making the next number, which only one process can.
 * Removing and making anew would let two processes that both saw the dead holder win.
 */
export function tryLock(path: string): Lock | { heldBy: number } {
  mkdirSync(dirname(path), { recursive: true });
  const me = identify(process.pid);
  if (me === null) throw new Error('This process cannot find itself in the process table');
  const draft = `${path}.draft-${process.pid}-${Math.random().toString(36).slice(2)}`;
  writeFileSync(draft, me, { mode: 0o600 });
  try {
    for (;;) {
      const highest = highestNumber(path);
      const holder = highest > 0 ? read(`${path}.${highest}`) : null;
      if (holder !== null && lives(holder)) return { heldBy: Number.parseInt(holder, 10) };
      const mine = `${path}.${highest + 1}`;
      // A link appears with its content, so no process reads a lock without its holder's name.
      if (linked(draft, mine)) return { release: () => rmSync(mine, { force: true }) };
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/** As {@link tryLock}, but waits; `onWait` is told once who is waited for. */
export async function waitForLock(path: string, onWait: (pid: number) => void): Promise<Lock> {
  for (let told = false; ; told = true) {
    const lock = tryLock(path);
    if ('release' in lock) return lock;
    if (!told) onWait(lock.heldBy);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

function highestNumber(path: string): number {
  const prefix = `${basename(path)}.`;
  const numbers = readdirSync(dirname(path))
    .filter((name) => name.startsWith(prefix))
    .map((name) => Number(name.slice(prefix.length)))
    .filter(Number.isInteger);
  return Math.max(0, ...numbers);
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
