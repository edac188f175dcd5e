import { readFile } from 'node:fs/promises';
import type { Command } from '@commander-js/extra-typings';
import type { Tools } from './command.ts';

/** `package.json` lies two folders above this one, in the sources and in what is compiled from them. */
const packageFile = new URL('../../package.json', import.meta.url);

export function addVersion(root: Command, { out }: Tools): void {
  root
    .command('version')
    .description('Print the version')
    .action(async () => {
      const { version } = JSON.parse(await readFile(packageFile, 'utf8')) as { version: string };
      out(version);
    });
}
