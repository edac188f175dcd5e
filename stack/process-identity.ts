import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

/**
 * A token that names one process and no later one with the same id, or `null` if no such process lives.
 *
 * Ids are reused (in a container almost at once), so an id alone proves nothing about who holds it.
 * On Linux the token is the boot and the start time in clock ticks, elsewhere the start time `ps` prints.
 */
export function identify(pid: number): string | null {
  if (process.platform === 'linux') {
    const stat = linuxStat(pid);
    if (!stat || stat.state === 'Z') return null;
    return `${pid}:${stat.startTime}:${bootId()}`;
  }
  try {
    const started = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return started ? `${pid}:${started}` : null;
  } catch {
    // `ps` exits with 1 when there is no such process.
    return null;
  }
}

/** Whether the process that once had this token still lives. */
export function lives(token: string): boolean {
  return identify(Number.parseInt(token, 10)) === token;
}

/** A process and everything it started that still lives, the process itself first. */
export function withDescendants(pid: number): number[] {
  const parents = parentTable();
  if (!parents.has(pid)) return [];
  const found = [pid];
  for (const known of found) {
    for (const [child, parent] of parents) if (parent === known) found.push(child);
  }
  return found;
}

function parentTable(): Map<number, number> {
  const table = new Map<number, number>();
  if (process.platform === 'linux') {
    for (const entry of readdirSync('/proc')) {
      const stat = /^\d+$/.test(entry) ? linuxStat(Number(entry)) : null;
      if (stat && stat.state !== 'Z') table.set(Number(entry), stat.parent);
    }
    return table;
  }
  for (const line of execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).split('\n')) {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    if (pid && parent !== undefined) table.set(pid, parent);
  }
  return table;
}

function linuxStat(pid: number): { state: string; parent: number; startTime: string } | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // The second field is the program's name in brackets and may itself hold blanks and brackets.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', parent: Number(fields[1]), startTime: fields[19] ?? '' };
}

let boot: string | undefined;
function bootId(): string {
  boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return boot;
}
