/** The console under `/console`: static files that use the API as everybody does. */
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Express, RequestHandler, Response } from 'express';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SignIn } from './sign-in.ts';

const isSource = import.meta.url.endsWith('.ts');
/** Where `scripts/build-console.mjs` puts it. */
const bundle = fileURLToPath(new URL(isSource ? '../../../dist/console' : '../../../console', import.meta.url));

/** Scripts and everything else from here alone. The components set styles while they run, hence `unsafe-inline`. */
const policy = (origins: readonly string[]): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    ["connect-src 'self'", ...origins].join(' '),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

const missing =
  'The console is not built: dist/console is missing. Build it with "npm run build"; no restart is needed.\n';

function setHeaders(response: Response, origins: readonly string[]): void {
  response.setHeader('Content-Security-Policy', policy(origins));
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'no-referrer');
}

/**
 * @param signIn with a provider, if there is one
 * @param folder with `index.html` and `assets/`, whose names change with their contents
 */
export function serveConsole(app: NestExpressApplication, signIn: SignIn, folder = bundle): void {
  const express: Express = app.getHttpAdapter().getInstance();
  // A policy holds for the page: of the files, none needs more than this.
  express.use('/console', (_request, response, next) => {
    setHeaders(response, []);
    next();
  });
  express.get('/console/config.json', signIn.document);
  app.useStaticAssets(join(folder, 'assets'), {
    prefix: '/console/assets/',
    immutable: true,
    maxAge: '1y',
    index: false,
    redirect: false,
  });
  // Every other address is a page of the console, which finds out itself which one.
  const page: RequestHandler = (request, response, next) => {
    if (request.path.startsWith('/console/assets/')) return next();
    signIn.origins().then((origins) => {
      setHeaders(response, origins);
      response.setHeader('Cache-Control', 'no-store');
      if (existsSync(join(folder, 'index.html'))) {
        response.sendFile('index.html', { root: folder, cacheControl: false });
      } else response.status(503).type('text').send(missing);
    }, next);
  };
  express.get('/console', page);
  express.get('/console/*page', page);
}
