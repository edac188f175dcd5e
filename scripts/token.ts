/** `npm run -s token`: only the token on stdout, everything else on stderr. */
import { readSecret } from './instance/secret.file.ts';
import { stateFolder } from './instance/state-folder.ts';
import { parseTokenOptions, tokenUsage } from './token/token.options.ts';
import { signSession, type Session } from './token/session-token.ts';

function refuse(message: string): void {
  console.error(message);
  process.exitCode = 2;
}

async function print(session: Session): Promise<void> {
  const secret = readSecret(stateFolder(process.env), process.env);
  if (secret === null) {
    refuse('There is no session secret yet: run npm start once, or set SESSION_SECRET to that of your instance.');
  } else console.log(await signSession(secret, session));
}

let options: Session | 'help' | null = null;
try {
  options = parseTokenOptions(process.argv.slice(2));
} catch (error) {
  refuse(`${(error as Error).message}\n\n${tokenUsage}`);
}
if (options === 'help') console.log(tokenUsage);
else if (options !== null) await print(options);
