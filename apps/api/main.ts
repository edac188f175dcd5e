import { loadConfig, requireOneOf } from '#libs/config/config.ts';
import { runApp } from '#libs/bootstrap/run-app.ts';
import { startApi } from './api.app.ts';

await runApp({
  name: 'api',
  loadConfig: () => loadConfig(requireOneOf(process.env, 'SESSION_SECRET', 'SESSION_JWKS_URL', 'CONSOLE_OIDC_ISSUER')),
  start: startApi,
});
