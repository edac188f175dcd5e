import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { browserProgram, provideBrowser } from './browser.ts';

function folderWith(...programs: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-browser-'));
  for (const program of programs) {
    writeFileSync(join(folder, program), '#!/bin/sh\n');
    chmodSync(join(folder, program), 0o755);
  }
  return folder;
}

it('is the one that CHROME_PATH names before all else, then one on the PATH', () => {
  const PATH = folderWith('google-chrome', 'chromium-browser');
  expect(browserProgram({ PATH, CHROME_PATH: '/opt/chrome' })).toBe('/opt/chrome');
  expect(browserProgram({ PATH })).toBe(join(PATH, 'chromium-browser'));
});

it('is not installed where it is there', async () => {
  const report = vi.fn();
  await provideBrowser({ PATH: folderWith('chromium') }, report);
  expect(report).not.toHaveBeenCalled();
});

it.runIf(browserProgram({ PATH: '' }) === null)('says how to get one where it cannot be installed', async () => {
  const failure = provideBrowser({ PATH: folderWith() }, vi.fn());
  await expect(failure).rejects.toThrow(/apt-get install chromium[^]*brew install[^]*CHROME_PATH/);
});
