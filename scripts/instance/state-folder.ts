import { join, resolve } from 'node:path';
import { repositoryRoot } from '../../stack/repository-root.ts';

/** Where an instance keeps everything of its own: `.signalbox/` in the repository, or `SIGNALBOX_STATE_DIR`. */
export function stateFolder(env: NodeJS.ProcessEnv): string {
  const given = env['SIGNALBOX_STATE_DIR'];
  return given ? resolve(given) : join(repositoryRoot(), '.signalbox');
}
