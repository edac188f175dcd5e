/** How the API serves the console: what may be kept, what may not, and nothing from elsewhere. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { Module } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveConsole } from '../../../apps/api/console/serve.ts';
import { startTestApi, type TestApi } from '../../support/api.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
let api: TestApi;
beforeAll(async () => {
  store = await openTestStore();
  api = await startTestApi({ MONGODB_URI: store.uri });
});
afterAll(async () => {
  await api?.close();
  await store?.drop();
});

function expectStrict({ headers }: Response): void {
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
}

describe('the page', () => {
  it.each(['/console', '/console/', '/console/runs', '/console/runs/rule%2F1:evt%201', '/console/approvals/abc?x=1'])(
    'is at %s, and never kept',
    async (path) => {
      const answer = await fetch(`${api.url}${path}`, { redirect: 'manual' });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expectStrict(answer);
      expect(await answer.text()).toContain('<div id="root">');
    },
  );

  it('loads files from here alone, which may be kept for a year', async () => {
    const page = await (await fetch(`${api.url}/console`)).text();
    expect(page).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\son\w+=/i);
    const files = [...page.matchAll(/(?:src|href)="([^"]+)"/g)]
      .map(([, file]) => file!)
      .filter((one) => one !== 'data:,');
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) {
      expect(file).toMatch(/^\/console\/assets\//);
      const answer = await fetch(`${api.url}${file}`);
      expect(answer.status, file).toBe(200);
      expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expectStrict(answer);
    }
  });

  it('is not given for a file that is missing, nor is a file from outside its folder', async () => {
    for (const path of ['/console/assets/none.js', '/console/assets/..%2F..%2Fpackage.json', '/consoles']) {
      expect((await fetch(`${api.url}${path}`)).status, path).toBe(404);
    }
  });
});

it('says so where it is not built', async () => {
  @Module({})
  class Empty {}
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-console-'));
  const app = await NestFactory.create<NestExpressApplication>(Empty, { logger: false });
  try {
    serveConsole(app, { origins: () => Promise.resolve([]), document: (_, response) => void response.end() }, folder);
    await app.listen(0, '127.0.0.1');
    const answer = await fetch(`${await app.getUrl()}/console/runs`);
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('npm run build');
  } finally {
    await app.close();
    rmSync(folder, { recursive: true });
  }
});
