/** The worker process: carries runs out. */
import { loadConfig } from '#libs/config/config.ts';
import { runApp } from '#libs/bootstrap/run-app.ts';
import { startWorker } from './worker.app.ts';

await runApp({ name: 'worker', loadConfig, start: startWorker });
