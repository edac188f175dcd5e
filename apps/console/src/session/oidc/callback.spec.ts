import { expect, it } from 'vitest';
import { isOwnPage } from './callback.ts';

it.each(['/console', '/console/', '/console/runs?status=failed', '/console?x'])('goes back to %s', (path) => {
  expect(isOwnPage(path)).toBe(true);
});

it.each([
  null,
  '',
  '/',
  '//evil.example/console/',
  'https://evil.example/console/',
  '/consoles',
  '/console/callback?code=x',
])('goes back to %s never', (path) => {
  expect(isOwnPage(path)).toBe(false);
});
