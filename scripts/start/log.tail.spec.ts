import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogTail } from './log.tail.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-tail-'));
  file = join(folder, 'app.log');
  writeFileSync(file, '');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('log tail', () => {
  it('gives each entry once', () => {
    const tail = new LogTail(file);
    appendFileSync(file, '{"level":30,"msg":"a"}\n{"level":40,"msg":"b"}\n');
    expect(tail.read().map((entry) => entry.msg)).toEqual(['a', 'b']);
    expect(tail.read()).toEqual([]);
    appendFileSync(file, '{"level":30,"msg":"c"}\n');
    expect(tail.read().map((entry) => entry.msg)).toEqual(['c']);
  });

  it('waits for the rest of an unfinished line, even within a letter', () => {
    const tail = new LogTail(file);
    const line = Buffer.from('{"level":30,"msg":"é"}\n');
    const within = line.indexOf('é') + 1;
    appendFileSync(file, line.subarray(0, within));
    expect(tail.read()).toEqual([]);
    appendFileSync(file, line.subarray(within));
    expect(tail.read()).toEqual([{ level: 30, msg: 'é' }]);
  });

  it('passes over lines that are no log entries', () => {
    appendFileSync(file, 'Warning: something\n{"level":"info"}\n{oops\n\n{"level":30,"msg":"a"}\n');
    expect(new LogTail(file).read()).toEqual([{ level: 30, msg: 'a' }]);
  });
});
