/**
 * The running instance, as the other commands find it: `instance.json` in the state folder.
 * It holds no secret of signalbox's own, but a store's address may carry a password, so only its owner may read it.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify, lives } from '../../stack/process-identity.ts';

export interface Instance {
  /** Identity of the process that started it (`stack/process-identity.ts`). */
  process: string;
  startedAt: string;
  /** Addresses for people and for commands. */
  urls: { api: string; ingress: string; worker: string; delivery: string; temporalUi: string | null };
  /** What the apps were started with, so that commands speak to the same servers. Without the secrets that sign tokens. */
  environment: Record<string, string>;
}

function instanceFile(stateDir: string): string {
  return join(stateDir, 'instance.json');
}

/** Announces this process as the running instance. */
export function writeInstance(stateDir: string, instance: Omit<Instance, 'process' | 'startedAt'>): void {
  const self = identify(process.pid);
  if (self === null) throw new Error('This process cannot find itself in the process table');
  mkdirSync(stateDir, { recursive: true });
  const draft = `${instanceFile(stateDir)}.${process.pid}`;
  const content: Instance = { process: self, startedAt: new Date().toISOString(), ...instance };
  writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, instanceFile(stateDir));
}

export function removeInstance(stateDir: string): void {
  rmSync(instanceFile(stateDir), { force: true });
}

/** @returns null when none runs; a file left by a process that was killed counts as none */
export function runningInstance(stateDir: string): Instance | null {
  let text: string;
  try {
    text = readFileSync(instanceFile(stateDir), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const instance = JSON.parse(text) as Instance;
  return lives(instance.process) ? instance : null;
}

/** The environment of a command: what is set wins, the running instance fills in the rest. */
export function instanceEnvironment(stateDir: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  return { ...runningInstance(stateDir)?.environment, ...set };
}
