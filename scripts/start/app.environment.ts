/** What each app is started with: all that is set, without what another app alone has a use for, its secrets first. */
import type { AppName } from './app.process.ts';

const owners: [pattern: RegExp, owner: AppName][] = [
  [/^(SESSION_|FILES_|WEBHOOK_TOKEN_SECRET$)/, 'api'],
  [/^(SMTP|SMS|MAIL)_/, 'worker'],
];

export function appEnvironment(name: AppName, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isForeign = (variable: string): boolean =>
    owners.some(([pattern, owner]) => owner !== name && pattern.test(variable));
  return Object.fromEntries(Object.entries(env).filter(([variable]) => !isForeign(variable)));
}
