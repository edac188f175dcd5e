/** The description of the API at `/openapi.json`, and a page to read and try it at `/docs`, without the internet. */
import { Controller, Get, Header, Inject, Param, Res } from '@nestjs/common';
import type { Response } from 'express';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { ApiError } from '../http/api.error.ts';

export const openApiDocument = Symbol('openApiDocument');

const assets = ['swagger-ui-bundle.js', 'swagger-ui.css', 'favicon-32x32.png'];
const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

/** Styles are set by the page's script; nothing is loaded from elsewhere. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>signalbox API</title>
    <link rel="stylesheet" href="docs/swagger-ui.css" />
    <link rel="icon" type="image/png" href="docs/favicon-32x32.png" />
  </head>
  <body>
    <div id="reference"></div>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`;

const start = `SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  persistAuthorization: false,
  validatorUrl: null,
});
`;

@Controller()
export class ReferenceController {
  readonly #document: object;

  constructor(@Inject(openApiDocument) document: object) {
    this.#document = document;
  }

  @Get('openapi.json')
  document(): object {
    return this.#document;
  }

  @Get('docs')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', policy)
  page(): string {
    return page;
  }

  @Get('docs/start.js')
  @Header('Content-Type', 'text/javascript; charset=utf-8')
  start(): string {
    return start;
  }

  @Get('docs/:file')
  asset(@Param('file') file: string, @Res() response: Response): void {
    if (!assets.includes(file)) throw new ApiError(404, 'not_found', 'There is nothing at this address.');
    response.sendFile(file, { root: folder, maxAge: '1d' });
  }
}
