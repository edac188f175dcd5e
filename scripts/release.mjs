// `npm run release -- 0.2.0`: makes a version. package.json, the lock file, CHANGELOG.md and the descriptions of the API
// and of the topics say it in one commit, which is tagged `v0.2.0`. Nothing is pushed. Where a step fails, all files are
// as before.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const changelog = join(root, 'CHANGELOG.md');
const heading = '## [Unreleased]\n';

const run = (command, ...args) => execFileSync(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
const git = (...args) =>
  run('git', ...args)
    .toString()
    .trim();

function fail(message) {
  process.stderr.write(`release: ${message}\n`);
  process.exit(1);
}

function isGreater(version, than) {
  const [one, other] = [version, than].map((text) => text.split('.').map(Number));
  const at = one.findIndex((part, index) => part !== other[index]);
  return at !== -1 && one[at] > other[at];
}

const [version, ...more] = process.argv.slice(2);
const { version: current } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
if (version === undefined || more.length > 0 || !/^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}$/.test(version)) {
  fail('name one version, such as: npm run release -- 0.2.0');
}
if (!isGreater(version, current)) fail(`${version} is not greater than ${current}, the version of now`);
if (git('status', '--porcelain') !== '') fail('there are changes that are not committed: commit or stash them');
if (git('tag', '--list', `v${version}`) !== '') fail(`the tag v${version} is taken`);
const text = readFileSync(changelog, 'utf8');
const [, unreleased = ''] = text.split(heading);
if (unreleased.split('\n## [')[0].trim() === '') fail('CHANGELOG.md says nothing under [Unreleased]');

try {
  run('npm', 'version', version, '--no-git-tag-version', '--allow-same-version');
  const today = new Date().toISOString().slice(0, 10);
  writeFileSync(changelog, text.replace(heading, `${heading}\n## [${version}] - ${today}\n`));
  run('npm', 'run', 'generate');
  git('commit', '--all', '--message', `chore(release): ${version}`);
} catch (error) {
  git('checkout', '--', '.');
  fail(error.message);
}
git('tag', '--annotate', `v${version}`, '--message', `signalbox ${version}`);
process.stdout.write(`signalbox ${version} is committed and tagged: git push --follow-tags\n`);
