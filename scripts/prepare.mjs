// Makes a fresh clone ready: packages, compiled code, servers. Runs before `npm start`, `npm test` and the other
// commands, with nothing installed yet; what is there already is left alone. Speaks on stderr only, so that a command's
// own output stays its own.
//
//   node scripts/prepare.mjs [--code | --tests]     --code: packages and compiled code only
//                                                   --tests: also what only tests need
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packagesDiffer, tooOldFor } from './prepare/checks.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const say = (text) => process.stderr.write(`${text}\n`);

/** Runs a program to its end; what it prints goes to stderr. A line now and then shows that it still works. */
function run(command, args, title) {
  return new Promise((resolve, reject) => {
    const since = Date.now();
    if (title) say(`${title} …`);
    const timer = setInterval(() => title && say(`${title}: ${Math.round((Date.now() - since) / 1000)} s`), 5000);
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearInterval(timer);
      if (code !== 0)
        return reject(new Failed(code ?? 1, `${title ?? args[0]} failed (${signal ?? `exit code ${code}`})`));
      if (title) say(`${title}: done in ${Math.round((Date.now() - since) / 1000)} s`);
      resolve();
    });
  });
}

class Failed extends Error {
  constructor(exitCode, message) {
    super(message);
    this.exitCode = exitCode;
  }
}

function node(script, ...args) {
  return run(process.execPath, [join(root, script), ...args]);
}

async function installPackages() {
  const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : null);
  const wanted = read(join(root, 'package-lock.json'));
  if (!packagesDiffer(wanted, read(join(root, 'node_modules/.package-lock.json')))) return;
  // No package needs its install scripts here, and compiling needs the development packages whatever NODE_ENV says.
  const args = ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund'];
  // The npm that runs this, where it is one; a pnpm or yarn would not read our lock file.
  const npm = process.env.npm_execpath?.endsWith('npm-cli.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  await run(npm[0], [...npm.slice(1), ...args], 'Installing packages');
}

try {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const tooOld = tooOldFor(engines.node, process.versions.node);
  if (tooOld) throw new Failed(1, tooOld);

  await installPackages();
  await node('scripts/build.mjs');
  if (!process.argv.includes('--code')) {
    if (existsSync(join(root, 'scripts/bundle-workflows.mjs'))) await node('scripts/bundle-workflows.mjs');
    await node('dist/stack/provision-cli.js', ...process.argv.slice(2));
  }
} catch (error) {
  say(error.message);
  process.exit(error.exitCode ?? 1);
}
