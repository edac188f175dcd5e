import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { waitForLock } from './lock.ts';

/** Where built servers are kept for every clone of the repository on this machine. */
export function cacheFolder(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
  home = homedir(),
): string {
  if (env['SIGNALBOX_CACHE']) return resolve(env['SIGNALBOX_CACHE']);
  // The XDG base directory specification says that a relative path there is to be ignored.
  const xdg = env['XDG_CACHE_HOME'];
  if (xdg && isAbsolute(xdg)) return join(xdg, 'signalbox');
  return platform === 'darwin' ? join(home, 'Library', 'Caches', 'signalbox') : join(home, '.cache', 'signalbox');
}

/**
 * A short key over everything that decides what is built: the files' contents and the machine's kind.
 * Two clones with the same pins share one build; a changed pin gets another key.
 */
export function cacheKey(files: readonly string[], machine = `${process.platform}-${process.arch}`): string {
  const hash = createHash('sha256').update(machine);
  for (const file of files) {
    const content = readFileSync(file);
    hash.update(`\0${basename(file)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex').slice(0, 16);
}

/**
 * Makes `folder` with `build` unless it is there already.
 *
 * It is built beside its place and renamed into it, so a folder that is there is whole, and under a lock,
 * so that two clones that start at once build once.
 */
export async function buildOnce(
  folder: string,
  build: (target: string) => Promise<void>,
  onWait: (pid: number) => void,
): Promise<void> {
  if (existsSync(folder)) return;
  const lock = await waitForLock(`${folder}.lock`, onWait);
  try {
    if (existsSync(folder)) return;
    const draft = `${folder}.building`;
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { recursive: true });
    await build(draft);
    renameSync(draft, folder);
  } finally {
    lock.release();
  }
}
