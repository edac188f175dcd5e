import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { originOf, provision } from './provision.ts';

function folderWith(...programs: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-path-'));
  for (const program of programs) {
    writeFileSync(join(folder, program), '#!/bin/sh\n');
    chmodSync(join(folder, program), 0o755);
  }
  return folder;
}

describe('where a server comes from', () => {
  const PATH = folderWith('temporal', 'mongod');

  it('is its address in the environment before all else', () => {
    expect(originOf('temporal', { PATH, TEMPORAL_ADDRESS: 'host:7233' })).toEqual({
      from: 'address',
      address: 'host:7233',
    });
    expect(originOf('kafka', { PATH, KAFKA_BROKERS: 'a:1,b:2' })).toEqual({ from: 'address', address: 'a:1,b:2' });
  });

  it('is its program on the PATH next', () => {
    expect(originOf('temporal', { PATH, TEMPORAL_ADDRESS: '' })).toEqual({
      from: 'path',
      program: join(PATH, 'temporal'),
    });
    expect(originOf('mongodb', { PATH })).toEqual({ from: 'path', program: join(PATH, 'mongod') });
  });

  it('is a build otherwise', () => {
    expect(originOf('kafka', { PATH })).toEqual({ from: 'build' });
    expect(originOf('mongodb', { PATH: folderWith() })).toEqual({ from: 'build' });
  });
});

describe('provision', () => {
  it('needs no tool and does nothing when every server has an address', async () => {
    const env = { PATH: folderWith(), TEMPORAL_ADDRESS: 't:1', KAFKA_BROKERS: 'k:1', MONGODB_URI: 'mongodb://m:1/x' };
    const lines: string[] = [];
    const result = await provision({ env, report: (line) => lines.push(line) });
    expect(result.mongodb).toEqual({ from: 'address', address: 'mongodb://m:1/x' });
    expect(lines).toEqual([]);
  });

  it('tells every missing tool in one message', async () => {
    const failure = provision({ env: { PATH: folderWith(), SIGNALBOX_CACHE: folderWith() } });
    await expect(failure).rejects.toThrow(/Go 1\.25[^]*Java 17[^]*Maven/);
    await expect(failure).rejects.toHaveProperty('code', 'MISSING_TOOLS');
  });

  it('asks only for the tools of what has to be built', async () => {
    const env = {
      PATH: folderWith(),
      SIGNALBOX_CACHE: folderWith(),
      TEMPORAL_ADDRESS: 't:1',
      MONGODB_URI: 'mongodb://m:1/x',
    };
    await expect(provision({ env })).rejects.not.toThrow(/Go 1\.25/);
  });
});
