/** Where a worker takes the code of the workflows from. */
import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkerOptions } from '@temporalio/worker';

/**
 * The bundle that `scripts/bundle-workflows.mjs` put beside the compiled files, so that a worker starts in a moment;
 * without one, the workflows themselves, which the SDK bundles at start.
 */
export function workflowCode(): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath' | 'bundlerOptions'> {
  const codePath = fileURLToPath(new URL('../../workflow-bundle.js', import.meta.url));
  if (existsSync(codePath)) return { workflowBundle: { codePath } };
  const index = new URL(`../workflows/index${extname(import.meta.url)}`, import.meta.url);
  return { workflowsPath: fileURLToPath(index), bundlerOptions: { preloadModules: ['@temporalio/workflow'] } };
}
