/** The inside of a thread: computes one thing after the other, and keeps a copy of the active rules. */
import { parentPort } from 'node:worker_threads';
import type { Rule } from '#libs/domain/rules/rule.ts';
import { computations } from './computations.ts';
import { pack, unpack, unpackRules, type FromThread, type ToThread } from './compute.messages.ts';

const port = parentPort;
if (port === null) throw new Error('this file is the inside of a thread');

const active = new Map<string, Rule>();
const known = computations(() => active.values());

port.on('message', (message: ToThread) => {
  if (message.kind === 'rules') {
    for (const id of message.removed) active.delete(id);
    for (const rule of unpackRules(message.put)) active.set(rule.id, rule);
    return;
  }
  try {
    const compute = known[message.name] as (input: unknown) => unknown;
    const output = compute(unpack(message.input));
    port.postMessage({ ok: true, output: pack(output) } satisfies FromThread);
  } catch (error) {
    const { message: text, stack } = error instanceof Error ? error : new Error(String(error));
    port.postMessage({ ok: false, message: text, stack } satisfies FromThread);
  }
});

// Everything it needs has been loaded.
port.postMessage('ready');
