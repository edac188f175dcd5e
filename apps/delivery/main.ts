/** The delivery process: keeps the events of runs for those who read them later. */
import { loadConfig } from '#libs/config/config.ts';
import { runApp } from '#libs/bootstrap/run-app.ts';
import { startDelivery } from './delivery.app.ts';

await runApp({ name: 'delivery', loadConfig, start: startDelivery });
