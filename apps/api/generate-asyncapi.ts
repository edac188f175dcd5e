/** Prints the description of the topics, which is committed as `docs/asyncapi.json`. */
import { asyncApiDocument } from './asyncapi/document.ts';

process.stdout.write(`${JSON.stringify(asyncApiDocument(), null, 2)}\n`);
