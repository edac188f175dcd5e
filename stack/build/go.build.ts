import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, cacheKey } from '../cache-folder.ts';
import { runTool } from '../progress.ts';
import { stackFile } from '../repository-root.ts';
import type { Artifact } from './artifact.ts';

const lockFiles = () => [stackFile('go.mod'), stackFile('go.sum')];

/** The `temporal` command with server and UI. */
export const temporal = goProgram({
  name: 'temporal',
  title: 'Building the Temporal server',
  target: 'github.com/temporalio/cli/cmd/temporal',
  inputs: lockFiles,
});

/** The MongoDB-compatible server of `stack/ferretdb`. */
export const ferretdb = goProgram({
  name: 'ferretdb',
  title: 'Building the MongoDB-compatible store',
  target: './ferretdb',
  inputs: () => {
    const files = readdirSync(stackFile('ferretdb'), { recursive: true, encoding: 'utf8' });
    const sources = files.filter((name) => /(?<!_test)\.go$/.test(name)).sort();
    return [...lockFiles(), ...sources.map((name) => stackFile('ferretdb', name))];
  },
});

/** S3-compatible storage that checks signatures, for tests: it pins other versions of what Temporal needs, too. */
export const versitygw = goProgram({
  name: 'versitygw',
  title: 'Building the S3-compatible storage',
  module: 's3',
  target: 'github.com/versity/versitygw/cmd/versitygw',
  inputs: () => [stackFile('s3', 'go.mod'), stackFile('s3', 'go.sum')],
});

interface GoProgram {
  name: string;
  title: string;
  /** Folder of its go.mod below `stack`; left out: `stack` itself. */
  module?: string;
  target: string;
  inputs: () => string[];
}

function goProgram({
  name,
  title,
  module = '',
  target,
  inputs,
}: GoProgram): Artifact & { program(env: NodeJS.ProcessEnv): string } {
  const folder = (env: NodeJS.ProcessEnv) => join(cacheFolder(env), `${name}-${cacheKey(inputs())}`);
  return {
    title,
    tools: ['go'],
    folder,
    program: (env) => join(folder(env), name),
    make: async (draft, env, state) => {
      const options = { cwd: stackFile(module), env: { ...env, GOWORK: 'off' } };
      state('downloading its sources');
      const packages = (await runTool('go', ['list', '-deps', target], options)).trim().split('\n').length;
      state('compiling');
      let compiled = 0;
      // -v names each package as it is compiled; those in Go's own cache are not named, so the total is an upper bound.
      const onLine = () => state(`${++compiled} of up to ${packages} packages compiled`);
      const build = ['build', '-v', '-mod=readonly', '-trimpath', '-ldflags=-s -w', '-o', join(draft, name), target];
      await runTool('go', build, { ...options, onLine });
    },
  };
}
