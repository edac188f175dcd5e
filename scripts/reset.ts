/** `npm run reset`: removes the state folder, with all rules, runs and events, unless something still runs on it. */
import { existsSync, rmSync } from 'node:fs';
import { livingProcesses } from './instance/living-processes.ts';
import { stateFolder } from './instance/state-folder.ts';

const folder = stateFolder(process.env);
const living = livingProcesses(folder);
if (living.length > 0) {
  const list = living.map(({ name, pid }) => `  ${name}: process ${pid}`).join('\n');
  console.error(`Something still runs on ${folder}. End it first (Ctrl-C where npm start runs):\n${list}`);
  process.exitCode = 1;
} else if (!existsSync(folder)) {
  console.log(`Nothing to remove: there is no ${folder}`);
} else {
  rmSync(folder, { recursive: true });
  console.log(`Removed ${folder}`);
}
