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
  const { workflowsPath, preloadModules } = bundledWorkflows(fileURLToPath(index));
  return { workflowsPath, bundlerOptions: { preloadModules } };
}

/**
 * What the SDK's bundler is told of the workflows. All their modules are loaded once for all workflows of a worker
 * instead of once for each, which was a quarter of the time of the workflow thread and most of its first second.
 * Workflows share what a module keeps, so the modules keep nothing (test/architecture/workflow-modules.spec.ts).
 * @param workflowsPath of their index
 */
export function bundledWorkflows(workflowsPath: string): { workflowsPath: string; preloadModules: string[] } {
  return { workflowsPath, preloadModules: ['@temporalio/workflow', workflowsPath] };
}
