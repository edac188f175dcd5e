// Turns the TypeScript sources into dist/, file by file and without type checks (`npm run typecheck` does those).
// dist/ has its own package.json so that `#libs/x.ts` in a compiled file means dist/libs/x.js.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = join(root, 'dist');
const folders = ['apps', 'libs', 'temporal', 'stack', 'scripts', 'bench', 'examples'];
const browserFolder = join('apps', 'console', sep);
const configFile = join(root, 'tsconfig.json');
const settingsChanged = Math.max(modified(configFile), modified(fileURLToPath(import.meta.url)));

function modified(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

const expected = new Set();
const stale = [];
for (const folder of folders) {
  if (modified(join(root, folder)) === 0) continue;
  for (const name of readdirSync(join(root, folder), { recursive: true })) {
    if (!name.endsWith('.ts') || name.endsWith('.spec.ts') || name.includes('node_modules')) continue;
    // What runs in the browser is bundled.
    if (join(folder, name).startsWith(browserFolder)) continue;
    const source = join(root, folder, name);
    const target = join(out, folder, name.replace(/\.ts$/, '.js'));
    expected.add(target).add(`${target}.map`);
    if (modified(target) > Math.max(modified(source), settingsChanged)) continue;
    stale.push({ source, target });
  }
}

// Loading the compiler takes longer than everything else here.
if (stale.length > 0) compile((await import('typescript')).default);

function compile(ts) {
  const { config } = ts.readConfigFile(configFile, (file) => ts.sys.readFile(file));
  const compilerOptions = {
    ...ts.convertCompilerOptionsFromJson(config.compilerOptions, root).options,
    noEmit: false,
    rewriteRelativeImportExtensions: true,
    sourceMap: true,
    // A file transpiled alone cannot see that its package is ESM.
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  };
  for (const { source, target } of stale) {
    const { outputText, sourceMapText, diagnostics } = ts.transpileModule(readFileSync(source, 'utf8'), {
      compilerOptions,
      fileName: source,
      reportDiagnostics: true,
    });
    if (diagnostics?.length) {
      console.error(ts.formatDiagnostics(diagnostics, ts.createCompilerHost(compilerOptions)));
      process.exit(1);
    }
    mkdirSync(dirname(target), { recursive: true });
    const map = JSON.parse(sourceMapText);
    map.sources = [relative(dirname(target), source)];
    writeFileSync(`${target}.map`, JSON.stringify(map));
    writeFileSync(target, outputText);
  }
}

// A file whose source is gone must not stay importable.
for (const folder of folders) {
  if (modified(join(out, folder)) === 0) continue;
  for (const name of readdirSync(join(out, folder), { recursive: true })) {
    const file = join(out, folder, name);
    if (/\.js(\.map)?$/.test(name) && !expected.has(file)) rmSync(file);
  }
}

const { name, version, type } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const imports = { '#libs/*.ts': './libs/*.js', '#temporal/*.ts': './temporal/*.js' };
mkdirSync(out, { recursive: true });
writeFileSync(
  join(out, 'package.json'),
  `${JSON.stringify({ name: `${name}-dist`, version, type, private: true, imports }, null, 2)}\n`,
);
if (stale.length > 0) console.log(`compiled ${stale.length} files`);

await import('./build-console.mjs');
