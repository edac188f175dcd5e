/** The browser that tests open pages with: a Chromium, which no package registry for Node holds as a program. */
import { homedir } from 'node:os';
import { withProgress, runTool, type Report } from './progress.ts';
import { onPath } from './tools.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** Where there is no PATH to it, as on macOS. */
const folders = ['/Applications/Chromium.app/Contents/MacOS', '/Applications/Google Chrome.app/Contents/MacOS'];
const namesInFolders = ['Chromium', 'Google Chrome'];

/** @returns the program that `CHROME_PATH` names, or one that is installed, or null */
export function browserProgram(env: NodeJS.ProcessEnv): string | null {
  const given = env['CHROME_PATH']?.trim();
  if (given) return given;
  for (const name of names) {
    const program = onPath(name, env);
    if (program !== null) return program;
  }
  const PATH = folders.join(':');
  return namesInFolders.map((name) => onPath(name, { PATH })).find((program) => program !== null) ?? null;
}

/**
 * Makes sure that there is one: the administrator of a Debian gets its package.
 * @throws Error that says how to get one
 */
export async function provideBrowser(env: NodeJS.ProcessEnv, report: Report): Promise<void> {
  if (browserProgram(env) !== null) return;
  if (onPath('apt-get', env) === null || process.getuid?.() !== 0) throw new Error(missing);
  const options = { cwd: homedir(), env: { ...env, DEBIAN_FRONTEND: 'noninteractive' } };
  await withProgress('Installing Chromium, which tests open pages with', report, async () => {
    await runTool('apt-get', ['update', '-qq'], options);
    await runTool('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], options);
  });
  if (browserProgram(env) === null) throw new Error(missing);
}

const missing = [
  'A browser is missing: tests open pages with Chromium. One of these ways helps:',
  '  Debian           sudo apt-get install chromium',
  '  macOS            brew install --cask chromium',
  '  elsewhere        any Chromium or Chrome: CHROME_PATH=/path/to/it npm test',
].join('\n');
