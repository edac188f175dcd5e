import { readFile } from 'node:fs/promises';
import { command, noArguments } from './command.ts';

/** `package.json` lies two folders above this one, in the sources and in what is compiled from them. */
const packageFile = new URL('../../package.json', import.meta.url);

export const versionCommand = command({
  name: 'version',
  summary: 'Print the version',
  details: 'Usage: signalbox version',
  options: {},
  async run({ positionals }, { out }) {
    noArguments(positionals);
    const { version } = JSON.parse(await readFile(packageFile, 'utf8')) as { version: string };
    out(version);
  },
});
