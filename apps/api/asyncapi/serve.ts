/** The description of the topics at `/asyncapi.json`, and a page to read it at `/docs/events`, without the internet. */
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Express } from 'express';
import { createHash } from 'node:crypto';
import type { AsyncApiDocument } from './document.ts';
import { asyncApiPage } from './page.ts';
import { pageStyle } from './page.style.ts';

/** The page's own style, and nothing else. */
const styleHash = createHash('sha256').update(pageStyle).digest('base64');
const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** To be used in front of the page of the API, which answers for everything below `/docs`. */
export function serveTopics(app: NestExpressApplication, document: AsyncApiDocument): void {
  const page = asyncApiPage(document, { document: '/asyncapi.json', api: '/docs' });
  const express: Express = app.getHttpAdapter().getInstance();
  express.get('/asyncapi.json', (_request, response) => {
    response.json(document);
  });
  express.get('/docs/events', (_request, response) => {
    response.setHeader('Content-Security-Policy', policy);
    response.type('html').send(page);
  });
}
