// Keeps one server alive only while its parent lives.
//
// The parent holds the other end of this process's stdin. When that end closes, because the parent
// asked for a stop or because it died in any way, the server's process group gets the stop signal
// and, after a grace period, SIGKILL. A server started directly would outlive a parent killed with
// SIGKILL, keep its port and state, and fail the next start.
//
// stdin, first line: {"command","args","cwd","env","uid","gid","log","stopSignal","graceMs"}
// stdout: {"pid":n} when it runs, {"error":"…"} if it could not be started, {"exit":code,"signal":name} at its end

import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';

const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

// Ctrl-C reaches every process of the terminal; only the parent decides what it means.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
// The parent may be gone when something is said.
process.stdout.on('error', () => {});

let server;
let stopping = false;
let input = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk) => {
  input += chunk;
  if (!server && input.includes('\n')) start(JSON.parse(input.slice(0, input.indexOf('\n'))));
});
process.stdin.on('end', stop);
process.stdin.on('error', stop);

// What servers write is for their own user alone, also in folders that let others through.
process.umask(0o077);

let spec;
function start(given) {
  spec = given;
  const log = openSync(spec.log, 'a', 0o600);
  server = spawn(spec.command, spec.args, {
    cwd: spec.cwd,
    env: spec.env,
    uid: spec.uid,
    gid: spec.gid,
    stdio: ['ignore', log, log],
    detached: true,
  });
  server.once('spawn', () => say({ pid: server.pid }));
  server.once('error', (error) => {
    say({ error: error.message });
    process.exitCode = 1;
    process.stdin.destroy();
  });
  server.once('exit', (code, signal) => {
    say({ exit: code, signal });
    process.stdin.destroy();
    // Children that outlived their leader must not outlive the supervisor.
    toGroup('SIGKILL');
    process.exitCode = 0;
  });
  if (stopping) toGroup(spec.stopSignal);
}

function stop() {
  if (stopping) return;
  stopping = true;
  if (!server) process.exit(0);
  if (server.exitCode !== null || server.signalCode !== null) return;
  toGroup(spec.stopSignal);
  setTimeout(() => toGroup('SIGKILL'), spec.graceMs).unref();
  // The server's own handle keeps this process up until it has ended.
}

function toGroup(signal) {
  if (!server?.pid) return;
  try {
    process.kill(-server.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') say({ error: `${signal}: ${error.message}` });
  }
}
