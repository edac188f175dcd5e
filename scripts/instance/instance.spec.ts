import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identify } from '../../stack/process-identity.ts';
import { instanceEnvironment, removeInstance, runningInstance, writeInstance } from './instance.file.ts';
import { livingProcesses } from './living-processes.ts';
import { ensureSecret, readSecret } from './secret.file.ts';
import { stateFolder } from './state-folder.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'signalbox-instance-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const urls = {
  api: 'http://127.0.0.1:1',
  ingress: 'http://127.0.0.1:2',
  worker: 'http://127.0.0.1:3',
  delivery: 'http://127.0.0.1:4',
  temporalUi: null,
};

async function deadProcess(): Promise<string> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  await once(child, 'spawn');
  const identity = identify(child.pid ?? 0);
  child.kill('SIGKILL');
  await once(child, 'exit');
  if (identity === null) throw new Error('the process was gone too early');
  return identity;
}

describe('the running instance', () => {
  it('is found by the commands until it is removed, by its owner only', () => {
    expect(runningInstance(folder)).toBeNull();
    writeInstance(folder, { urls, environment: { KAFKA_BROKERS: 'k:1' } });
    expect(runningInstance(folder)).toMatchObject({ urls });
    expect(statSync(join(folder, 'instance.json')).mode & 0o777).toBe(0o600);
    removeInstance(folder);
    expect(runningInstance(folder)).toBeNull();
  });

  it('fills in what the environment of a command leaves open', () => {
    writeInstance(folder, { urls, environment: { KAFKA_BROKERS: 'k:1', TEMPORAL_ADDRESS: 't:1' } });
    expect(instanceEnvironment(folder, { KAFKA_BROKERS: 'mine:1', TEMPORAL_ADDRESS: '' })).toEqual({
      KAFKA_BROKERS: 'mine:1',
      TEMPORAL_ADDRESS: 't:1',
    });
  });

  it('is none when its process was killed', async () => {
    const file = { process: await deadProcess(), startedAt: '', urls, environment: { KAFKA_BROKERS: 'k:1' } };
    writeFileSync(join(folder, 'instance.json'), JSON.stringify(file));
    expect(runningInstance(folder)).toBeNull();
    expect(instanceEnvironment(folder, {})).toEqual({});
  });
});

describe('the processes of a state folder', () => {
  it('are those that live, each once', async () => {
    writeInstance(folder, { urls, environment: {} });
    mkdirSync(join(folder, 'run'));
    mkdirSync(join(folder, 'lock'));
    writeFileSync(join(folder, 'lock', 'holder.1'), await deadProcess());
    writeFileSync(join(folder, 'lock', 'holder.2'), identify(process.pid) ?? '');
    writeFileSync(join(folder, 'run', 'kafka'), identify(process.ppid) ?? '');
    expect(livingProcesses(folder)).toEqual([
      { name: 'npm start', pid: process.pid },
      { name: 'kafka', pid: process.ppid },
    ]);
  });

  it('are none in a folder that is not there', () => {
    expect(livingProcesses(join(folder, 'nowhere'))).toEqual([]);
  });
});

describe('the session secret', () => {
  it('is made once, long enough, and for its owner only', () => {
    expect(readSecret(folder, {})).toBeNull();
    const secret = ensureSecret(folder, {});
    expect(secret.length).toBeGreaterThanOrEqual(32);
    expect(ensureSecret(folder, {})).toBe(secret);
    expect(readSecret(folder, {})).toBe(secret);
    expect(readdirSync(folder)).toEqual(['session-secret']);
    expect(statSync(join(folder, 'session-secret')).mode & 0o777).toBe(0o600);
    const other = ensureSecret(folder, {}, 'WEBHOOK_TOKEN_SECRET');
    expect(other).not.toBe(secret);
    expect(ensureSecret(folder, {}, 'WEBHOOK_TOKEN_SECRET')).toBe(other);
    expect(ensureSecret(folder, { WEBHOOK_TOKEN_SECRET: 'given' }, 'WEBHOOK_TOKEN_SECRET')).toBe('given');
    expect(statSync(join(folder, 'webhook-token-secret')).mode & 0o777).toBe(0o600);
  });

  it('is that of the environment where it has one', () => {
    expect(ensureSecret(folder, { SESSION_SECRET: 'given' })).toBe('given');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('the state folder', () => {
  it('lies in the repository unless the environment names another', () => {
    expect(stateFolder({})).toMatch(/\/\.signalbox$/);
    expect(stateFolder({ SIGNALBOX_STATE_DIR: folder })).toBe(folder);
  });
});
