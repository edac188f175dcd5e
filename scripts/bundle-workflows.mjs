// Builds the workflow bundle once, so that a worker starts without webpack. Runs after scripts/build.mjs.
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'dist/workflow-bundle.js');
const inputs = ['dist/temporal', 'dist/libs/domain'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true }).map((name) => join(root, folder, name)),
);
const newest = Math.max(
  ...[...inputs, join(root, 'node_modules/@temporalio/worker/package.json')].map((file) => statSync(file).mtimeMs),
);
const built = statSync(target, { throwIfNoEntry: false })?.mtimeMs ?? 0;

if (built <= newest) {
  const { bundledWorkflows } = await import('../dist/temporal/worker/workflow-bundle.js');
  const { code } = await bundleWorkflowCode({
    ...bundledWorkflows(join(root, 'dist/temporal/workflows/index.js')),
    logger: new DefaultLogger('WARN'),
  });
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, code);
  console.log(`bundled the workflows (${Math.round(code.length / 1024)} KiB)`);
}
