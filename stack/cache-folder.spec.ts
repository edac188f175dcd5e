import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildOnce, cacheFolder, cacheKey } from './cache-folder.ts';

const temporary = () => mkdtempSync(join(tmpdir(), 'signalbox-cache-'));

describe('cacheFolder', () => {
  it('follows SIGNALBOX_CACHE, then the XDG folder, then the system’s custom', () => {
    expect(cacheFolder({ SIGNALBOX_CACHE: '/a', XDG_CACHE_HOME: '/b' }, 'linux', '/~')).toBe('/a');
    expect(cacheFolder({ XDG_CACHE_HOME: '/b' }, 'linux', '/~')).toBe('/b/signalbox');
    expect(cacheFolder({ XDG_CACHE_HOME: 'relative' }, 'linux', '/~')).toBe('/~/.cache/signalbox');
    expect(cacheFolder({}, 'darwin', '/~')).toBe('/~/Library/Caches/signalbox');
  });
});

describe('cacheKey', () => {
  it('changes with a file’s content and with the machine, not with the folder', () => {
    const [one, two] = [temporary(), temporary()];
    for (const folder of [one, two]) writeFileSync(join(folder, 'go.sum'), 'pinned');
    const key = cacheKey([join(one, 'go.sum')], 'linux-x64');
    expect(cacheKey([join(two, 'go.sum')], 'linux-x64')).toBe(key);
    expect(cacheKey([join(one, 'go.sum')], 'linux-arm64')).not.toBe(key);
    writeFileSync(join(two, 'go.sum'), 'other');
    expect(cacheKey([join(two, 'go.sum')], 'linux-x64')).not.toBe(key);
  });
});

describe('buildOnce', () => {
  it('builds once for two that start together in this process’s turn', async () => {
    const folder = join(temporary(), 'server');
    let builds = 0;
    const build = async (target: string) => {
      builds++;
      writeFileSync(join(target, 'program'), 'built');
    };
    await buildOnce(folder, build, () => {});
    await buildOnce(folder, build, () => {});
    expect(builds).toBe(1);
    expect(readFileSync(join(folder, 'program'), 'utf8')).toBe('built');
  });

  it('leaves nothing in place when the build fails, and builds again the next time', async () => {
    const folder = join(temporary(), 'server');
    const failing = async (target: string) => {
      writeFileSync(join(target, 'half'), '');
      throw new Error('compiler');
    };
    await expect(buildOnce(folder, failing, () => {})).rejects.toThrow('compiler');
    expect(existsSync(folder)).toBe(false);
    await buildOnce(
      folder,
      async (target) => writeFileSync(join(target, 'whole'), ''),
      () => {},
    );
    expect(existsSync(join(folder, 'half'))).toBe(false);
  });
});
