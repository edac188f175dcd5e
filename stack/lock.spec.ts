import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tryLock } from './lock.ts';
import { identify, lives } from './process-identity.ts';

const lockFile = () => join(mkdtempSync(join(tmpdir(), 'signalbox-lock-')), 'lock');

it('names the process that holds the lock', () => {
  const file = lockFile();
  const first = tryLock(file);
  expect(tryLock(file)).toEqual({ heldBy: process.pid });
  if ('release' in first) first.release();
  expect(tryLock(file)).toHaveProperty('release');
});

it('takes over from a process that is dead, and from one whose id another process has now', () => {
  const file = lockFile();
  const dead = execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }).trim();
  writeFileSync(`${file}.1`, `${dead}:1:boot`);
  expect(tryLock(file)).toHaveProperty('release');

  const reused = lockFile();
  writeFileSync(`${reused}.1`, `${process.pid}:0:another start`);
  expect(tryLock(reused)).toHaveProperty('release');
});

it('tells a living process from a dead one', () => {
  const me = identify(process.pid);
  expect(me).not.toBeNull();
  expect(lives(me as string)).toBe(true);
  expect(lives(`${process.pid}:0:another start`)).toBe(false);
});
