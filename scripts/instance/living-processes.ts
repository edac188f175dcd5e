/** Who still uses a state folder. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lives } from '../../stack/process-identity.ts';
import { runningInstance } from './instance.file.ts';

export interface LivingProcess {
  name: string;
  pid: number;
}

/** The process that started the instance, and each server and app it started, as far as they live. */
export function livingProcesses(stateDir: string): LivingProcess[] {
  const found: LivingProcess[] = [];
  const add = (name: string, identity: string): void => {
    if (lives(identity)) found.push({ name, pid: Number.parseInt(identity, 10) });
  };
  const instance = runningInstance(stateDir);
  if (instance !== null) add('npm start', instance.process);
  // `run/` holds one file per server or app, `lock/` that of the process that starts them: each holds a process's identity.
  for (const folder of ['lock', 'run']) {
    for (const name of namesIn(join(stateDir, folder))) {
      add(folder === 'lock' ? 'npm start' : name, readFileSync(join(stateDir, folder, name), 'utf8').trim());
    }
  }
  return found.filter(({ pid }, index) => found.findIndex((other) => other.pid === pid) === index);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
