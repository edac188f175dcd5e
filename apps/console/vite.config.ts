/** The console as static files in `dist/console`, for the API to serve under `/console`. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  base: '/console/',
  logLevel: 'warn',
  build: {
    outDir: here('../../dist/console'),
    emptyOutDir: true,
    // Which files each screen loads, for the test of their sizes.
    manifest: true,
    // Everything is a file of its own: a policy that allows no data: scripts or fonts holds.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    // The packages mark their modules for renderers on servers.
    rolldownOptions: { checks: { moduleLevelDirective: false, pluginTimings: false } },
  },
});
