import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildOnce, cacheFolder, cacheKey } from '../cache-folder.ts';
import { runTool, withProgress } from '../progress.ts';
import type { BuildContext } from '../provision.ts';
import { stackFile } from '../repository-root.ts';

/** The Kafka broker's jars. @returns the folder they lie in */
export async function fetchKafka(context: BuildContext): Promise<string> {
  return join(await jars(context, 'kafka', 'Kafka broker'), 'libs');
}

/** Temporal's time-skipping test server. @returns a program that starts it */
export async function fetchTestServer(context: BuildContext): Promise<string> {
  const folder = await jars(context, 'temporal-test-server', 'time-skipping test server', (draft) => {
    // The folder is found at run time, because it is renamed after this is written. One garbage collector
    // thread and C1 only: it lives for one test file.
    const script = [
      '#!/bin/sh',
      'exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx256m -cp "$(dirname "$0")/libs/*" io.temporal.testserver.TestServer "$@"',
      '',
    ].join('\n');
    const file = join(draft, 'temporal-test-server');
    writeFileSync(file, script);
    chmodSync(file, 0o755);
  });
  return join(folder, 'temporal-test-server');
}

async function jars(
  context: BuildContext,
  name: string,
  title: string,
  finish?: (draft: string) => void,
): Promise<string> {
  const { env, report, position } = context;
  const pom = stackFile(name, 'pom.xml');
  const folder = join(cacheFolder(env), `${name}-${cacheKey([pom])}`);
  await buildOnce(
    folder,
    (draft) =>
      withProgress(`${position} Fetching the ${title}`, report, async () => {
        const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
        await runTool(
          'mvn',
          ['-B', '-q', '-f', pom, goal, '-DincludeScope=runtime', `-DoutputDirectory=${join(draft, 'libs')}`],
          {
            cwd: draft,
            env,
          },
        );
        finish?.(draft);
      }),
    (pid) => report(`${position} ${title}: process ${pid} is fetching it, waiting`),
  );
  return folder;
}
