/** What must not get into the repository, and what its files promise about each other. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** Tracked files and those that could be added, without what is deleted. */
const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\0')
  .filter((path) => path !== '' && existsSync(join(root, path)));

/** `path:line: text` of every line that matches. */
function linesMatching(pattern: RegExp, within = files): string[] {
  return within.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 120)}`] : [])),
  );
}

describe('files', () => {
  it('name no path of one machine', () => {
    expect(linesMatching(/(^|[^A-Za-z0-9.$}])\/(home|root|work|farm|Users)\/[a-z][\w.-]/)).toEqual([]);
  });

  it('name no package registry: which one is used is up to the machine', () => {
    const registries = /registry\.(npmjs|yarnpkg)|npmmirror|proxy\.golang|goproxy\.|repo1?\.maven|^\s*registry\s*=/;
    expect(
      linesMatching(
        registries,
        files.filter((path) => path !== 'test/architecture/repository.spec.ts'),
      ),
    ).toEqual([]);
  });

  it('hold no secret file and nothing that is made from other files', () => {
    expect(files.filter((path) => /(^|\/)(\.env|dist|node_modules|\.signalbox)(\/|$)/.test(path))).toEqual([]);
  });
});

describe('package-lock.json', () => {
  const locks = files.filter((path) => path.endsWith('package-lock.json'));
  const packages = (path: string) =>
    Object.entries((JSON.parse(read(path)) as { packages: Record<string, LockedPackage> }).packages);

  interface LockedPackage {
    resolved?: string;
    integrity?: string;
    link?: boolean;
    hasInstallScript?: boolean;
    optionalDependencies?: Record<string, string>;
  }

  it('holds no download addresses, and a checksum for every package', () => {
    expect(locks).toContain('package-lock.json');
    for (const lock of locks) {
      const entries = packages(lock).filter(([path]) => path !== '');
      expect(entries.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
      expect(entries.filter(([, { integrity, link }]) => integrity === undefined && !link)).toEqual([]);
    }
  });

  // npm leaves a package out of the lock file when the registry does not have it, and `npm ci` then refuses the file.
  it('holds the packages of every kind of machine', () => {
    for (const lock of locks) {
      const there = new Set(packages(lock).map(([path]) => path));
      const missing = packages(lock).flatMap(([path, { optionalDependencies = {} }]) =>
        Object.keys(optionalDependencies).filter(
          (name) => !there.has(`node_modules/${name}`) && !there.has(`${path}/node_modules/${name}`),
        ),
      );
      expect(missing, lock).toEqual([]);
    }
  });

  it('holds only packages known to work without their install scripts, which are never run', () => {
    const withScripts = packages('package-lock.json').filter(([, { hasInstallScript }]) => hasInstallScript);
    // protobufjs checks version numbers, @swc/core looks for its own binary, fsevents is for macOS and optional.
    // @scarf/scarf would tell its makers that swagger-ui-dist was installed; package.json turns that off, too.
    const known = new Set(['protobufjs', '@swc/core', 'fsevents', '@scarf/scarf']);
    const names = withScripts.map(([path]) => path.replace(/^.*node_modules\//, ''));
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('documents', () => {
  const documents = files.filter((path) => path.endsWith('.md'));
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

  it('name only commands that exist', () => {
    const named = documents.flatMap((path) =>
      [...read(path).matchAll(/npm run (?:-s |--silent )?([a-z][\w:-]*)/g)].map(([, script]) => `${path}: ${script}`),
    );
    expect(named.filter((entry) => scripts[entry.split(': ')[1]!] === undefined)).toEqual([]);
  });

  it('link only to files that exist', () => {
    const links = documents.flatMap((path) =>
      [...read(path).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)/g)].map(
        ([, target]) => [path, target!] as const,
      ),
    );
    expect(links.filter(([path, target]) => !existsSync(join(root, dirname(path), target)))).toEqual([]);
  });
});
