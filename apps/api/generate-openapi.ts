/** Prints the description of the API, which is committed as `docs/openapi.json`. */
import { describeApi } from './openapi/describe-api.ts';

process.stdout.write(`${JSON.stringify(await describeApi(), null, 2)}\n`);
