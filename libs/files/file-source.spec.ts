/** Files named by `file://`, on the real file system, and what somebody may try who can write to a folder of it. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSource } from './file-source.ts';

const isLinux = process.platform === 'linux';

let root: string;
let inside: string;
let outside: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'signalbox-source-')));
  [inside, outside] = [join(root, 'in'), join(root, 'out')];
  mkdirSync(join(inside, 'sub'), { recursive: true });
  mkdirSync(outside);
  writeFileSync(join(inside, 'a b.txt'), 'inside');
  writeFileSync(join(inside, 'sub', 'f'), 'inside');
  writeFileSync(join(outside, 'f'), 'secret');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** @returns null where there is no such file; `changed` where it was changed while it was read */
async function read(url: string, folders = [inside]): Promise<string | null> {
  const file = await openSource(url, folders);
  if (file === null) return null;
  try {
    const content = await file.read();
    return content === null ? 'changed' : Buffer.from(content).toString();
  } finally {
    await file.close();
  }
}

describe.runIf(isLinux)('a file below a folder', () => {
  it('R-240 is read by its address', async () => {
    expect(await read(`file://${inside}/a%20b.txt`)).toBe('inside');
    expect(await read(`file://localhost${inside}/a%20b.txt`)).toBe('inside');
    expect(await read(`file://${inside}/sub/../a b.txt`)).toBe('inside');
    const file = await openSource(`file://${inside}/a%20b.txt`, [outside, inside]);
    expect(file).toMatchObject({ name: 'a b.txt', size: 6 });
    await file?.close();
  });

  it('may be empty', async () => {
    writeFileSync(join(inside, 'empty'), '');
    expect(await read(`file://${inside}/empty`)).toBe('');
  });

  it('may be reached through links that end below one of the folders', async () => {
    symlinkSync(join(inside, 'sub'), join(inside, 'link'));
    symlinkSync(inside, join(root, 'alias'));
    expect(await read(`file://${inside}/link/f`)).toBe('inside');
    expect(await read(`file://${root}/alias/sub/f`)).toBe('inside');
    expect(await read(`file://${inside}/sub/f`, [join(root, 'alias')])).toBe('inside');
  });

  it('R-241 is none where no folder is open, or none of those is there', async () => {
    expect(await read(`file://${inside}/sub/f`, [])).toBeNull();
    expect(await read(`file://${inside}/sub/f`, [join(root, 'gone')])).toBeNull();
    expect(await read(`file://${inside}/sub/f`, [join(inside, 'su')])).toBeNull();
    expect(await read(`file://${inside}/sub/f`, [join(inside, 'sub', 'f')])).toBeNull();
  });
});

describe('anything else', () => {
  it.each([
    ['above', (i: string) => `file://${i}/../out/f`],
    ['above, encoded', (i: string) => `file://${i}/%2e%2e/out/f`],
    ['above, with an encoded slash', (i: string) => `file://${i}/%2e%2e%2fout/f`],
    ['above, with backslashes', (i: string) => `file://${i}/..\\out\\f`],
    ['above, encoded twice', (i: string) => `file://${i}/%252e%252e/out/f`],
    ['beside, of a name that begins alike', (i: string) => `file://${i}side/f`],
    ['elsewhere', (_: string, o: string) => `file://${o}/f`],
    ['elsewhere, with more slashes', (_: string, o: string) => `file:////${o}/f`],
    ['on another host', (i: string) => `file://host${i}/sub/f`],
    ['on an address', (i: string) => `file://127.0.0.1${i}/sub/f`],
    ['on another host, with backslashes', (i: string) => `file://\\\\host${i}/sub/f`],
    ['of a process', () => 'file:///proc/self/environ'],
    ['of a process, from within', (i: string) => `file://${i}/../../../../../../proc/self/environ`],
    ['with NUL', (i: string) => `file://${i}/sub/f%00.txt`],
    ['with a query', (i: string) => `file://${i}/sub/f?x`],
    ['with a fragment', (i: string) => `file://${i}/sub/f#x`],
    ['encoded wrongly', (i: string) => `file://${i}/sub/%zz`],
    ['of a drive', () => 'file:///C:/Windows/win.ini'],
    ['that is not there', (i: string) => `file://${i}/none`],
    ['that is a folder', (i: string) => `file://${i}/sub`],
    ['that is the folder', (i: string) => `file://${i}`],
    ['below a file', (i: string) => `file://${i}/sub/f/g`],
    ['with a slash at its end', (i: string) => `file://${i}/sub/f/`],
    ['of a name that is too long', (i: string) => `file://${i}/${'a'.repeat(300)}`],
    ['without a path', () => 'file://'],
  ])('is no file: %s', async (_, url) => {
    mkdirSync(`${inside}side`);
    writeFileSync(join(`${inside}side`, 'f'), 'secret');
    expect(await read(url(inside, outside))).toBeNull();
  });

  it('is no file: a link that leads out, in any place', async () => {
    symlinkSync(join(outside, 'f'), join(inside, 'link'));
    symlinkSync(outside, join(inside, 'folder'));
    symlinkSync('/proc/self/environ', join(inside, 'environ'));
    symlinkSync(join(inside, 'loop'), join(inside, 'loop'));
    for (const name of ['link', 'folder/f', 'environ', 'loop', 'sub/../folder/f']) {
      expect(await read(`file://${inside}/${name}`), name).toBeNull();
    }
  });

  it('is no file, and is not waited for: a pipe, a socket, a device', async () => {
    execFileSync('mkfifo', [join(inside, 'pipe')]);
    const server = createServer().listen(join(inside, 'socket'));
    await once(server, 'listening');
    try {
      for (const name of ['pipe', 'socket']) expect(await read(`file://${inside}/${name}`), name).toBeNull();
    } finally {
      server.close();
    }
    for (const name of ['zero', 'null', 'tty', 'stdin']) expect(await read(`file:///dev/${name}`, ['/dev'])).toBeNull();
  });

  it.runIf(isLinux)('is not read where its length is not known', async () => {
    expect(await read('file:///proc/self/environ', ['/proc'])).toBe('changed');
  });
});

describe.runIf(isLinux)('a file that somebody changes', () => {
  const opened = () => openSource(pathToFileURL(join(inside, 'sub', 'f')).href, [inside]);

  it('while it is read, is not taken', async () => {
    const place = join(inside, 'sub', 'f');
    for (const change of [
      () => appendFileSync(place, 'x'),
      () => writeFileSync(place, 'short'),
      () => (writeFileSync(place, 'INSIDE'), utimesSync(place, 1, 1)),
    ]) {
      writeFileSync(place, 'inside');
      const file = await opened();
      change();
      expect(await file?.read()).toBeNull();
      await file?.close();
    }
  });

  it('is the one that was opened, whatever its name leads to by now', async () => {
    const file = await opened();
    unlinkSync(join(inside, 'sub', 'f'));
    linkSync(join(outside, 'f'), join(inside, 'sub', 'f'));
    renameSync(join(inside, 'sub'), join(inside, 'gone'));
    symlinkSync(outside, join(inside, 'sub'));
    expect(Buffer.from((await file?.read()) ?? []).toString()).toBe('inside');
    await file?.close();
  });

  it('for a link to another one, over and over, is never the other one', async () => {
    // Exchanges the folder for a link that leads out, and the link for the folder, as fast as it can.
    const swaps = `
      const { renameSync, symlinkSync } = require('node:fs');
      const [folder, link, spare] = process.argv.slice(1);
      symlinkSync(${JSON.stringify(outside)}, link);
      process.stdout.write('swapping');
      for (;;) {
        renameSync(folder, spare);
        renameSync(link, folder);
        renameSync(folder, link);
        renameSync(spare, folder);
      }`;
    const [folder, link, spare] = ['sub', 'link', 'spare'].map((name) => join(inside, name)) as [
      string,
      string,
      string,
    ];
    const swapper = spawn(process.execPath, ['-e', swaps, folder, link, spare], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(swapper, 'exit');
    const seen = new Map<string | null, number>();
    try {
      await once(swapper.stdout, 'data');
      const end = Date.now() + 3_000;
      while (Date.now() < end || seen.size < 2) {
        for (const content of await Promise.all(Array.from({ length: 8 }, () => read(`file://${folder}/f`)))) {
          seen.set(content, (seen.get(content) ?? 0) + 1);
        }
      }
    } finally {
      swapper.kill('SIGKILL');
      await ended;
    }
    expect(new Set(seen.keys())).toEqual(new Set(['inside', null]));
  });
});
