// The questions `scripts/prepare.mjs` asks before anything is installed: plain Node, no packages.

/**
 * @param {string} range `>=20.19`, the only form package.json uses
 * @param {string} version of the running Node
 * @returns {string | null} what to tell a person whose Node is too old
 */
export function tooOldFor(range, version) {
  const wanted = range.replace('>=', '').split('.').map(Number);
  const found = version.split('.').map(Number);
  const differing = wanted.findIndex((part, index) => part !== found[index]);
  if (differing === -1 || found[differing] > wanted[differing]) return null;
  return `signalbox needs Node ${wanted.join('.')} or newer; this is Node ${version}. See https://nodejs.org`;
}

/**
 * Whether the installed packages are others than those of the lock file. npm keeps a copy of what it installed in
 * `node_modules/.package-lock.json` and writes it last, so an install that was cut short has none.
 *
 * @param {string | null} wanted text of package-lock.json
 * @param {string | null} installed text of npm's copy
 */
export function packagesDiffer(wanted, installed) {
  if (installed === null) return true;
  const there = JSON.parse(installed).packages ?? {};
  const { '': _root, ...packages } = JSON.parse(wanted).packages;
  for (const [path, { version, integrity, optional, devOptional }] of Object.entries(packages)) {
    const found = there[path];
    // Packages for other machines are left out by npm.
    if (found === undefined && (optional || devOptional)) continue;
    if (found === undefined || found.version !== version || found.integrity !== integrity) return true;
  }
  return Object.keys(there).some((path) => packages[path] === undefined);
}
