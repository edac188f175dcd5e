import { existsSync } from 'node:fs';
import { buildOnce } from '../cache-folder.ts';
import { withProgress, type Report } from '../progress.ts';
import type { ToolName } from '../tools.ts';

/** Something that is made once from a package registry and kept in the cache. */
export interface Artifact {
  /** `Building the Temporal server` */
  readonly title: string;
  /** What making it takes; nothing is needed once it is there. */
  readonly tools: readonly ToolName[];
  /** Its place in the cache, which depends on its pinned versions. */
  folder(env: NodeJS.ProcessEnv): string;
  /** Makes it in the folder `draft`, which is moved into its place afterwards. */
  make(draft: string, env: NodeJS.ProcessEnv, state: (text: string) => void): Promise<void>;
}

/** Those of the artifacts that have to be made. */
export function absent(artifacts: readonly Artifact[], env: NodeJS.ProcessEnv): Artifact[] {
  return artifacts.filter((artifact) => !existsSync(artifact.folder(env)));
}

/** Makes each, one after the other: every one of these tools keeps all cores busy by itself. */
export async function makeAll(artifacts: readonly Artifact[], env: NodeJS.ProcessEnv, report: Report): Promise<void> {
  for (const [index, artifact] of artifacts.entries()) {
    const title = `[${index + 1}/${artifacts.length}] ${artifact.title}`;
    await buildOnce(
      artifact.folder(env),
      (draft) => withProgress(title, report, (state) => artifact.make(draft, env, state)),
      (pid) => report(`${title}: process ${pid} does it already, waiting`),
    );
  }
}
