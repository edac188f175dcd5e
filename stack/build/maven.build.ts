import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, cacheKey } from '../cache-folder.ts';
import { runTool } from '../progress.ts';
import { stackFile } from '../repository-root.ts';
import type { Artifact } from './artifact.ts';

/** The Kafka broker's jars, in `libs/`. */
export const kafka: Artifact = {
  title: 'Fetching the Kafka broker',
  tools: ['maven', 'java'],
  folder: (env) => jarFolder('kafka', env),
  make: (draft, env) => copyJars('kafka', draft, env),
};

/** Temporal's time-skipping test server and a program that starts it. */
export const testServer: Artifact & { program(env: NodeJS.ProcessEnv): string } = {
  title: 'Fetching the time-skipping test server',
  tools: ['maven', 'java'],
  folder: (env) => jarFolder('temporal-test-server', env),
  program: (env) => join(jarFolder('temporal-test-server', env), 'temporal-test-server'),
  make: async (draft, env) => {
    await copyJars('temporal-test-server', draft, env);
    const file = join(draft, 'temporal-test-server');
    writeFileSync(file, testServerScript);
    chmodSync(file, 0o755);
  },
};

// The folder is found at run time, because it is moved after this is written. The cheapest collector and
// compiler: it lives for one test file.
const testServerScript = `#!/bin/sh
exec "\${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx256m -cp "$(dirname "$0")/libs/*" io.temporal.testserver.TestServer "$@"
`;

function jarFolder(name: string, env: NodeJS.ProcessEnv): string {
  // The script decides as well what is made. Jars are the same on every machine.
  const key = cacheKey([stackFile(name, 'pom.xml')], `jars:${testServerScript}`);
  return join(cacheFolder(env), `${name}-${key}`);
}

async function copyJars(name: string, draft: string, env: NodeJS.ProcessEnv): Promise<void> {
  const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
  const settings = ['-DincludeScope=runtime', `-DoutputDirectory=${join(draft, 'libs')}`];
  await runTool('mvn', ['-B', '-q', '-f', stackFile(name, 'pom.xml'), goal, ...settings], { cwd: draft, env });
}
