/** `npm run -s token`: only the token on stdout, everything else on stderr. */
import { readSecret } from './instance/secret.file.ts';
import { stateFolder } from './instance/state-folder.ts';
import { parseTokenOptions, tokenUsage } from './token/token.options.ts';
import { signSession } from './token/session-token.ts';

try {
  const options = parseTokenOptions(process.argv.slice(2));
  if (options === 'help') console.log(tokenUsage);
  else {
    const secret = readSecret(stateFolder(process.env), process.env);
    if (secret === null) {
      throw new Error(
        'There is no session secret yet: run npm start once, or set SESSION_SECRET to that of your instance',
      );
    }
    console.log(await signSession(secret, options));
  }
} catch (error) {
  console.error(`${(error as Error).message}\n\n${tokenUsage}`);
  process.exitCode = 2;
}
