/** Prints the description of the API, which is committed as `docs/openapi.json`. */
import { controllers } from './controllers.ts';
import { openApiDocument } from './openapi/document.ts';

process.stdout.write(`${JSON.stringify(openApiDocument(controllers), null, 2)}\n`);
