import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The repository's folder, found by walking up from this file.
 *
 * Compiled code lies in `dist/stack`, sources in `stack`: only the package's name tells where both end.
 */
export function repositoryRoot(from: string = fileURLToPath(import.meta.url)): string {
  for (let folder = dirname(from); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest)) {
      const { name } = JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string };
      if (name === 'signalbox') return folder;
    }
    if (folder === dirname(folder)) throw new Error(`No signalbox package.json above ${from}`);
  }
}

/** A file of `stack/` that is not compiled (lock files, Go sources, the supervisor). */
export function stackFile(...path: string[]): string {
  return join(repositoryRoot(), 'stack', ...path);
}
