/** S3-compatible storage of a test's own, which checks signatures and may be killed. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Settings } from '#libs/files/s3.store.ts';
import { makeAll } from '../../stack/build/artifact.ts';
import { versitygw } from '../../stack/build/go.build.ts';
import { managedServer } from '../../stack/managed-server.ts';
import { freePort } from '../../stack/ports.ts';
import { serverEnvironment } from '../../stack/server-environment.ts';

export interface S3Server {
  settings: S3Settings;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Again, with what it had. */
  start(): Promise<void>;
  close(): Promise<void>;
}

export async function startS3Server(): Promise<S3Server> {
  await makeAll([versitygw], process.env, (line) => console.log(line));
  const stateDir = await mkdtemp(join(tmpdir(), 'signalbox-s3-'));
  const port = await freePort();
  const settings: S3Settings = {
    url: `http://127.0.0.1:${port}`,
    bucket: 'files-of-requests',
    region: 'eu-central-1',
    accessKeyId: 'signalbox',
    secretAccessKey: 'not-a-secret-of-anybody',
  };
  const [data, sidecar] = [join(stateDir, 'data'), join(stateDir, 'sidecar')];
  // It takes every folder for a bucket.
  await mkdir(join(data, settings.bucket), { recursive: true });
  await mkdir(sidecar);
  const title = 'S3-compatible storage';
  const program = {
    title,
    command: versitygw.program(process.env),
    args: ['--port', `127.0.0.1:${port}`, '--region', settings.region, '--quiet', 'posix', '--sidecar', sidecar, data],
    cwd: stateDir,
    env: {
      ...serverEnvironment(),
      ROOT_ACCESS_KEY: settings.accessKeyId,
      ROOT_SECRET_KEY: settings.secretAccessKey,
    },
    log: join(stateDir, 'logs', 's3.log'),
    record: join(stateDir, 'run', 's3'),
  };
  const ready = async (): Promise<boolean> => {
    const answer = await fetch(settings.url, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
    return answer?.status === 403;
  };
  const server = managedServer(title, [{ title, prepare: () => Promise.resolve(program), ready }], () => undefined);
  await server.start();
  return {
    settings,
    kill: () => server.kill(),
    start: () => server.start(),
    close: async () => {
      await server.stop();
      await rm(stateDir, { recursive: true });
    },
  };
}
