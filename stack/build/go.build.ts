import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildOnce, cacheFolder, cacheKey } from '../cache-folder.ts';
import { runTool, withProgress } from '../progress.ts';
import type { BuildContext } from '../provision.ts';
import { stackFile } from '../repository-root.ts';

const lockFiles = () => [stackFile('go.mod'), stackFile('go.sum')];

/** The `temporal` command with server and UI. @returns its path */
export function buildTemporal(context: BuildContext): Promise<string> {
  return goProgram(context, 'temporal', 'Temporal server', 'github.com/temporalio/cli/cmd/temporal', lockFiles());
}

/** The MongoDB-compatible server of `stack/ferretdb`. @returns its path */
export function buildFerretdb(context: BuildContext): Promise<string> {
  const sources = readdirSync(stackFile('ferretdb'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /(?<!_test)\.go$/.test(name),
  );
  const files = [...lockFiles(), ...sources.sort().map((name) => stackFile('ferretdb', name))];
  return goProgram(context, 'ferretdb', 'MongoDB-compatible store', './ferretdb', files);
}

async function goProgram(
  context: BuildContext,
  name: string,
  title: string,
  target: string,
  inputs: string[],
): Promise<string> {
  const { env, report, position } = context;
  const folder = join(cacheFolder(env), `${name}-${cacheKey(inputs)}`);
  await buildOnce(
    folder,
    (draft) =>
      withProgress(`${position} Building the ${title}`, report, async (state) => {
        const options = { cwd: stackFile(), env: { ...env, GOWORK: 'off' } };
        state('downloading its sources');
        const packages = (await runTool('go', ['list', '-deps', target], options)).trim().split('\n').length;
        let compiled = 0;
        await runTool(
          'go',
          ['build', '-v', '-mod=readonly', '-trimpath', '-ldflags=-s -w', '-o', join(draft, name), target],
          {
            ...options,
            // -v prints each package as it is compiled; those in Go's own cache are not printed, so this is a lower bound.
            onLine: () => state(`${++compiled} of up to ${packages} packages compiled`),
          },
        );
      }),
    (pid) => report(`${position} ${title}: process ${pid} is building it, waiting`),
  );
  return join(folder, name);
}
