/**
 * Preloaded with `node --import` before a command: points it at the running instance.
 * What the environment says already wins.
 */
import { instanceEnvironment } from './instance/instance.file.ts';
import { stateFolder } from './instance/state-folder.ts';

Object.assign(process.env, instanceEnvironment(stateFolder(process.env), process.env));
