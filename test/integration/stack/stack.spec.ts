import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { Connection } from '@temporalio/client';
import mongoose from 'mongoose';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { identify, lives } from '../../../stack/process-identity.ts';
import { repositoryRoot, stackFile } from '../../../stack/repository-root.ts';
import { startStack, type RunningStack } from '../../../stack/stack.ts';
import { foreignKafka } from '../../support/foreign-kafka.ts';

// The run's own servers are named in the environment; here they must not be taken for given.
const { TEMPORAL_ADDRESS: _t, KAFKA_BROKERS: _k, MONGODB_URI: _m, ...env } = process.env;
const folders: string[] = [];
function stateFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-stack-'));
  folders.push(folder);
  return folder;
}
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

describe('the embedded servers', () => {
  const stateDir = stateFolder();
  let stack: RunningStack;
  const reports: string[] = [];
  beforeAll(async () => {
    stack = await startStack({ stateDir, ports: 'free', env, report: (line) => void reports.push(line) });
  });
  afterAll(() => stack?.stop());

  it('keep what was written through a kill of every server, and their addresses', async () => {
    const mongo = await mongoose.mongo.MongoClient.connect(stack.addresses.mongodb);
    const kafka = foreignKafka([stack.addresses.kafka]);
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'kept', numPartitions: 2 }] });
    const producer = kafka.producer();
    await producer.connect();
    await producer.send({ topic: 'kept', messages: [{ partition: 1, value: 'still here' }] });
    await mongo.db().collection<{ _id: string; n: number }>('kept').insertOne({ _id: 'a', n: 1 });
    await Promise.all([producer.disconnect(), admin.disconnect()]);

    const pids = Object.values(stack.servers).flatMap((server) => server.pids());
    expect(pids.length).toBeGreaterThan(4);
    await Promise.all(Object.values(stack.servers).map((server) => server.kill()));
    expect(pids.map(identify).filter(Boolean)).toEqual([]);
    await Promise.all(Object.values(stack.servers).map((server) => server.start()));

    expect(await mongo.db().collection<{ _id: string; n: number }>('kept').findOne({ _id: 'a' })).toEqual({
      _id: 'a',
      n: 1,
    });
    const again = kafka.admin();
    await again.connect();
    expect(await again.fetchTopicOffsets('kept')).toContainEqual(expect.objectContaining({ partition: 1, high: '1' }));
    const temporal = await Connection.connect({ address: stack.addresses.temporal });
    const { customAttributes } = await temporal.operatorService.listSearchAttributes({ namespace: 'default' });
    expect(Object.keys(customAttributes ?? {})).toEqual(expect.arrayContaining(['RuleId', 'Login', 'RunState']));
    await Promise.all([temporal.close(), again.disconnect(), mongo.close()]);
  });

  it('make updates of one document one after the other, and bulk updates larger than the connection pool', async () => {
    const mongo = await mongoose.mongo.MongoClient.connect(stack.addresses.mongodb);
    const counters = mongo.db().collection<{ _id: string; n: number; by: number[]; state: string }>('counters');
    await counters.insertOne({ _id: 'one', n: 0, by: [], state: 'open' });
    const everyone = Array.from({ length: 60 }, (_, i) => i);
    await Promise.all(everyone.map((i) => counters.updateOne({ _id: 'one' }, { $inc: { n: 1 }, $push: { by: i } })));
    const after = await counters.findOne({ _id: 'one' });
    expect([after?.n, after?.by.length]).toEqual([60, 60]);

    const racing = everyone.map((i) =>
      counters.findOneAndUpdate({ _id: 'one', state: 'open' }, { $set: { state: `won by ${i}` } }),
    );
    expect((await Promise.all(racing)).filter(Boolean)).toHaveLength(1);

    const many = Array.from({ length: 130 }, (_, i) => ({
      updateOne: { filter: { _id: `bulk-${i}` }, update: { $set: { n: i } }, upsert: i % 2 === 0 },
    }));
    const result = await counters.bulkWrite(many, { ordered: false });
    expect([result.upsertedCount, result.matchedCount]).toEqual([65, 0]);
    expect(result.upsertedIds[128]).toBe('bulk-128');
    await mongo.close();
  });

  it('keep what they hold from other users of the machine', () => {
    expect(openTo(0o004, stateDir)).toEqual([]);
    expect(statSync(join(stateDir, 'temporal', 'temporal.db')).mode & 0o077).toBe(0);
  });

  it.each([
    ['says that a checksum follows and ends', [1, 0, 0, 0, 0]],
    ['ends within its flags', [0, 0, 0]],
    ['holds a section of no length', [0, 0, 0, 0, 1, 0, 0, 0, 0]],
    ['holds a document longer than itself', [0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0x7f, 0]],
    ['holds an empty document', [0, 0, 0, 0, 0, 5, 0, 0, 0, 0]],
  ])('outlive a message to the store that %s', async (_, body) => {
    const before = stack.servers.mongodb.pids();
    const header = Buffer.alloc(16);
    header.writeInt32LE(16 + body.length, 0);
    header.writeInt32LE(2013, 12);
    const socket = connect(Number(new URL(stack.addresses.mongodb).port), '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(Buffer.concat([header, Buffer.from(body)]));
    // The one who sent it is answered or left; the others are served.
    await Promise.race([once(socket, 'data'), once(socket, 'close')]);
    socket.destroy();
    const mongo = await mongoose.mongo.MongoClient.connect(stack.addresses.mongodb, { serverSelectionTimeoutMS: 2000 });
    expect(await mongo.db().command({ ping: 1 })).toMatchObject({ ok: 1 });
    await mongo.close();
    expect(stack.servers.mongodb.pids()).toEqual(expect.arrayContaining(before.slice(-1)));
  });

  it('start again when one of them ends on its own, with what it had', async () => {
    const mongo = await mongoose.mongo.MongoClient.connect(stack.addresses.mongodb);
    const before = new Set(stack.servers.mongodb.pids());
    // The last one listens to clients.
    process.kill([...before].at(-1)!, 'SIGKILL');
    const isBack = async (): Promise<boolean> => {
      const pids = stack.servers.mongodb.pids();
      if (pids.length === 0 || pids.some((pid) => before.has(pid))) return false;
      return mongo
        .db()
        .command({ ping: 1 })
        .then(
          () => true,
          () => false,
        );
    };
    await expect.poll(isBack, { timeout: 60_000, interval: 200 }).toBe(true);
    expect(reports.join()).toContain('MongoDB-compatible store ended on its own (signal SIGKILL) and is started again');
    expect(await mongo.db().collection<{ _id: string; n: number }>('kept').findOne({ _id: 'a' })).toMatchObject({
      n: 1,
    });
    await mongo.close();
  });

  it('are refused to a second start in the same state folder', async () => {
    await expect(startStack({ stateDir, ports: 'free', env, only: ['mongodb'] })).rejects.toThrow(
      `Process ${process.pid} already runs the servers of this state folder`,
    );
  });
});

it('moves to another port when the usual one is taken, and says so', async () => {
  const occupant = createServer();
  // Whoever else holds it serves the test as well.
  await new Promise<void>((resolve) => occupant.once('error', () => resolve()).listen(27017, '127.0.0.1', resolve));
  const stack = await startStack({ stateDir: stateFolder(), ports: 'default', env, only: ['mongodb'] });
  expect(stack.addresses.mongodb).not.toContain(':27017/');
  expect(stack.notes).toEqual([expect.stringMatching(/^MongoDB: port 27017 is taken, using \d+$/)]);
  expect(Object.keys(stack.environment())).toEqual(['MONGODB_URI']);
  await stack.stop();
  occupant.close();
});

it('leaves no process behind when its parent is killed with SIGKILL, and starts again in the same folder', async () => {
  const stateDir = stateFolder();
  const program = `
    const { startStack } = await import(process.argv[1]);
    const stack = await startStack({ stateDir: process.argv[2], ports: 'free' });
    console.log(JSON.stringify(Object.values(stack.servers).flatMap((server) => server.pids())));
  `;
  const parent = spawn(
    process.execPath,
    ['--input-type=module', '-e', program, join(compiledStack(), 'stack.js'), stateDir],
    {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  const servers = (JSON.parse(line) as number[]).map((pid) => identify(pid) as string);
  expect(servers.length).toBeGreaterThan(4);
  expect(servers.every(lives)).toBe(true);

  parent.kill('SIGKILL');
  await expect.poll(() => servers.filter(lives), { timeout: 15_000, interval: 100 }).toEqual([]);

  const stack = await startStack({ stateDir, ports: 'free', env, only: ['mongodb'] });
  await stack.stop();
});

/** Files below a folder that others can come to and read. @param bit of their right to read */
function openTo(bit: number, folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    const { mode } = lstatSync(path);
    if (entry.isDirectory()) return mode & (bit >> 2) ? openTo(bit, path) : [];
    return entry.isFile() && mode & bit ? [path] : [];
  });
}

/** The sources as JavaScript, for a process outside Vitest: the versions of Node that are supported do not all run TypeScript. */
function compiledStack(): string {
  const target = join(repositoryRoot(), 'node_modules', '.cache', 'signalbox-stack-spec');
  for (const name of readdirSync(stackFile(), { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts') || name.endsWith('.spec.ts')) continue;
    const { outputText } = ts.transpileModule(readFileSync(stackFile(name), 'utf8'), {
      compilerOptions: {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2023,
        verbatimModuleSyntax: true,
        rewriteRelativeImportExtensions: true,
      },
    });
    const file = join(target, name.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, outputText);
  }
  // Beside node_modules/.cache there is no package.json that says these are modules.
  writeFileSync(join(target, 'package.json'), '{ "type": "module" }');
  return target;
}
