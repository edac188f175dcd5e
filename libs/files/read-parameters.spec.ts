/** Parameters on a real file system: what is kept of them, and what is not when anything is wrong. */
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileReference } from '#libs/domain/context/run-data.ts';
import { RetryableError } from '#libs/domain/errors/errors.ts';
import type { FileStore } from '#libs/domain/hooks/file-store.ts';
import type { DataItem } from '#libs/domain/rules/process.ts';
import { createFolderStore } from './folder.store.ts';
import { deleteFiles, readParameters } from './read-parameters.ts';

const items: DataItem[] = [
  { name: 'COMPANY', type: 'TEXT' },
  { name: 'AMOUNT', type: 'NUMERIC' },
  { name: 'DUE', type: 'DATETIME' },
  { name: 'FIRST', type: 'FILE' },
  { name: 'SECOND', type: 'FILE' },
];
const isLinux = process.platform === 'linux';
const maxFileBytes = 10_485_760;
const maxDataBytes = 131_072;

let root: string;
let inside: string;
let kept: string;
let files: FileStore;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'signalbox-parameters-')));
  [inside, kept] = [join(root, 'in'), join(root, 'kept')];
  mkdirSync(inside);
  mkdirSync(kept);
  files = createFolderStore(kept);
});
afterEach(() => {
  const open = isLinux ? openFiles() : [];
  rmSync(root, { recursive: true });
  if (open.length > 0) throw new Error(`Left open: ${open.join(', ')}`);
});

/** What this process holds open of the test's files. */
function openFiles(): string[] {
  const targets = readdirSync('/proc/self/fd').map((name) => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`);
    } catch {
      // It was that of the folder itself.
      return '';
    }
  });
  return targets.filter((target) => target.startsWith(root));
}

const read = (parameters: unknown, more: { files?: FileStore; maxDataBytes?: number } = {}) =>
  readParameters(items, parameters, { files, folders: [inside], maxFileBytes, maxDataBytes, ...more });

/** What is below the folder of the store. */
function storedFiles(): string[] {
  return readdirSync(kept, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
}

const file = (content: string | Buffer, more: object = {}) => ({
  fileValue: { name: 'a.txt', content: Buffer.from(content).toString('base64'), ...more },
});

describe('parameters', () => {
  it('R-233 R-234 R-235 R-236 become data of the request, each by its name', async () => {
    const data = await read([
      { name: 'COMPANY', textValue: 'Example Ltd' },
      { name: 'AMOUNT', numericValue: 1234.5 },
      { name: 'DUE', dateTimeValue: '2026-11-21T10:30:00+01:00' },
      {
        name: 'FIRST',
        ...file('Hello', { contentType: 'text/plain', description: 'Signed', updatedAt: '2026-11-20' }),
      },
    ]);
    expect(data).toEqual({
      COMPANY: 'Example Ltd',
      AMOUNT: 1234.5,
      DUE: '2026-11-21T09:30:00.000Z',
      FIRST: {
        file_id: expect.stringMatching(/^\d{4}-\d\d-\d\d\/[0-9a-f-]{36}$/),
        name: 'a.txt',
        content_type: 'text/plain',
        size: 5,
        description: 'Signed',
        updated_at: '2026-11-20T00:00:00.000Z',
      },
    });
    expect(readFileSync(join(kept, (data['FIRST'] as FileReference).file_id), 'utf8')).toBe('Hello');
  });

  it.runIf(isLinux)('R-236 R-240 take a file from its address', async () => {
    writeFileSync(join(inside, 'c 2.pdf'), 'from the folder');
    const url = `file://${inside}/c%202.pdf`;
    const data = await read([
      { name: 'FIRST', fileValue: { url, contentType: 'application/pdf', size: 15 } },
      { name: 'SECOND', fileValue: { url, name: 'other.pdf' } },
    ]);
    expect(data).toMatchObject({
      FIRST: { name: 'c 2.pdf', content_type: 'application/pdf', size: 15 },
      SECOND: { name: 'other.pdf', size: 15 },
    });
    expect(storedFiles()).toEqual(['from the folder', 'from the folder']);
  });

  it('may be called what objects inherit', async () => {
    const names = ['__proto__', 'constructor', 'toString'];
    const declared = names.map((name): DataItem => ({ name, type: 'TEXT' }));
    const given = names.map((name) => ({ name, textValue: 'x' }));
    const data = await readParameters(declared, given, { files, folders: [], maxFileBytes, maxDataBytes });
    expect(Object.keys(data)).toEqual(names);
    expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
  });
});

describe('what is wrong', () => {
  it('is all told, with no file stored', async () => {
    const secret = join(inside, 'none');
    const problems = await read([
      { name: 'FIRST', ...file('Hello') },
      { name: 'SECOND', fileValue: { url: `file://${secret}` } },
      { name: 'OTHER', textValue: 'hush' },
    ]).then(
      () => null,
      (error: unknown) => error,
    );
    expect(problems).toMatchObject({
      code: 'invalid_parameter',
      retryable: false,
      message: expect.stringMatching(/"OTHER" .*"SECOND" must have the url of a file that can be read/),
      problems: [{ path: 'parameters[2].textValue' }, { path: 'parameters[1].fileValue.url' }],
    });
    expect((problems as Error).message).not.toMatch(/hush|none|signalbox-/);
    expect(storedFiles()).toEqual([]);
  });

  it.runIf(isLinux)('R-241 is a file of a folder that is larger than it may be, or than it says', async () => {
    writeFileSync(join(inside, 'large'), Buffer.alloc(maxFileBytes + 1));
    writeFileSync(join(inside, 'largest'), Buffer.alloc(maxFileBytes));
    mkdirSync(join(inside, 'folder'));
    const url = (name: string) => `file://${inside}/${name}`;
    await expect(read([{ name: 'FIRST', fileValue: { url: url('folder') } }])).rejects.toMatchObject({
      code: 'invalid_parameter',
    });
    await expect(read([{ name: 'FIRST', fileValue: { url: url('large') } }])).rejects.toMatchObject({
      code: 'invalid_parameter',
      message: 'parameter "FIRST" must hold at most 10485760 bytes (HOOKS_MAX_FILE_BYTES)',
    });
    await expect(read([{ name: 'FIRST', fileValue: { url: url('largest'), size: 5 } }])).rejects.toMatchObject({
      code: 'invalid_parameter',
      message: 'parameter "FIRST" must have a size of 10485760, which its file has',
    });
    expect(storedFiles()).toEqual([]);
    expect(await read([{ name: 'FIRST', fileValue: { url: url('largest') } }])).toMatchObject({
      FIRST: { size: maxFileBytes },
    });
  });

  it.runIf(isLinux)('does not stay open', async () => {
    writeFileSync(join(inside, 'small'), 'x');
    const fileValue = { url: `file://${inside}/small`, size: 5 };
    await expect(read([{ name: 'FIRST', fileValue }])).rejects.toMatchObject({ code: 'invalid_parameter' });
    expect(openFiles()).toEqual([]);
  });

  it('R-241 is content of 10 MiB and a byte', async () => {
    await expect(read([{ name: 'FIRST', ...file(Buffer.alloc(maxFileBytes + 1)) }])).rejects.toMatchObject({
      code: 'invalid_parameter',
    });
    expect(await read([{ name: 'FIRST', ...file(Buffer.alloc(maxFileBytes)) }])).toMatchObject({
      FIRST: { size: maxFileBytes },
    });
  });

  it('R-241 is more data than there may be, contents of files apart', async () => {
    const text = { name: 'COMPANY', textValue: 'é'.repeat(100) };
    await expect(read([text], { maxDataBytes: 200 })).rejects.toMatchObject({ code: 'invalid_parameter' });
    expect(await read([text], { maxDataBytes: 214 })).toEqual({ COMPANY: text.textValue });
    const described = { name: 'FIRST', ...file('x', { description: 'd'.repeat(300) }) };
    await expect(read([described], { maxDataBytes: 300 })).rejects.toMatchObject({ code: 'invalid_parameter' });
    expect(await read([{ name: 'FIRST', ...file('x'.repeat(1000)) }], { maxDataBytes: 300 })).toHaveProperty('FIRST');
    expect(storedFiles()).toHaveLength(1);
  });

  it.runIf(isLinux)('is a file that another parameter’s storing leaves time to change', async () => {
    writeFileSync(join(inside, 'f'), 'before');
    const growing: FileStore = {
      ...files,
      put: async (...given) => {
        await files.put(...given);
        appendFileSync(join(inside, 'f'), 'after');
      },
    };
    const parameters = [
      { name: 'FIRST', ...file('Hello') },
      { name: 'SECOND', fileValue: { url: `file://${inside}/f` } },
    ];
    await expect(read(parameters, { files: growing })).rejects.toMatchObject({
      code: 'invalid_parameter',
      message: 'parameter "SECOND" names a file that was changed while it was read: send it again',
    });
    expect(storedFiles()).toEqual([]);
  });
});

describe('a store that fails', () => {
  const away = new RetryableError('files_unavailable', 'The file store cannot write a file: ENOSPC');
  const two = [
    { name: 'FIRST', ...file('one') },
    { name: 'SECOND', ...file('two') },
  ];
  const failing = (more: Partial<FileStore> = {}): FileStore => {
    let puts = 0;
    return {
      ...files,
      put: async (...given) => {
        await files.put(...given);
        puts += 1;
        // It was stored all the same: an answer may be lost.
        if (puts === 2) throw away;
      },
      ...more,
    };
  };

  it('has none of the files afterwards', async () => {
    await expect(read(two, { files: failing() })).rejects.toBe(away);
    expect(storedFiles()).toEqual([]);
  });

  it('says so when it cannot take them back', async () => {
    const stuck = failing({ delete: () => Promise.reject(away) });
    await expect(read(two, { files: stuck })).rejects.toMatchObject({
      code: 'files_unavailable',
      message: `${away.message}; 2 files of the request may be left in it`,
      cause: away,
    });
  });
});

describe('files of a request that is not created', () => {
  it('are deleted, as often as is asked for', async () => {
    const data = await read([
      { name: 'COMPANY', textValue: 'x' },
      { name: 'FIRST', ...file('one') },
      { name: 'SECOND', ...file('two') },
    ]);
    expect(storedFiles()).toHaveLength(2);
    await deleteFiles(files, { ...data, AMOUNT: null });
    expect(storedFiles()).toEqual([]);
    await deleteFiles(files, data);
  });

  it('are said to be there where they cannot be deleted', async () => {
    const data = await read([{ name: 'FIRST', ...file('one') }]);
    const stuck = { ...files, delete: () => Promise.reject(new Error('no')) };
    await expect(deleteFiles(stuck, data)).rejects.toMatchObject({ code: 'files_unavailable' });
  });
});
