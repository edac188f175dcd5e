import { loadConfig, requireVariables } from '#libs/config/config.ts';
import { runApp } from '#libs/telemetry/run-app.ts';
import { startApi } from './api.app.ts';

await runApp({ name: 'api', loadConfig: () => requireVariables(loadConfig(), 'SESSION_SECRET'), start: startApi });
