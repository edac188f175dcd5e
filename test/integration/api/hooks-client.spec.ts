/** The client of examples/incoming-webhook-client, with the commands that its README prints. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { validateRule } from '#libs/domain/validation/validate-rule.ts';
import { createRunData } from '#libs/store/runs/run-data.repository.ts';
import { exampleDirectory, exampleRules, receiverInFiles } from '../../../scripts/start/example.files.ts';
import { HookWorld } from '../../support/hook-world.ts';
import { runInputOf } from '../../support/hooks.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const examples = `${root}/examples`;
const run = promisify(execFile);

let world: HookWorld;
let url: string;
beforeAll(async () => {
  const refund = exampleRules(examples, receiverInFiles).find(({ path }) => path.endsWith('refund-request.yaml'))!;
  const directory = exampleDirectory(examples, receiverInFiles);
  world = await HookWorld.create({ refund: validateRule(refund.content).rule! }, {}, directory);
  url = `${world.api.url}/hooks/${await world.tokenOf('crm-gateway')}`;
});
afterAll(() => world?.close());

const inShell = (text: string, env: Record<string, string> = {}) =>
  run('bash', ['-euc', text], { cwd: root, env: { PATH: process.env['PATH'], SIGNALBOX_HOOK_URL: url, ...env } });
const client = (...args: string[]) =>
  inShell(`node examples/incoming-webhook-client/refund.mjs ${args.join(' ')}`).then(
    ({ stdout }) => ({ code: 0, text: stdout }),
    ({ code, stderr }: { code: number; stderr: string }) => ({ code, text: stderr }),
  );

describe('the client of incoming webhooks', () => {
  it('does what its README prints', async () => {
    const readme = readFileSync(`${examples}/incoming-webhook-client/README.md`, 'utf8');
    const [, commands] = [...readme.matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block!);
    expect(commands).toContain('refund.mjs create');
    const { stdout } = await inShell(commands!);
    const number = Number(/request (\d+) is taken back/.exec(stdout)?.[1]);
    const { run_id } = await world.ended(number);
    const { context } = await runInputOf(world, await world.run(number));
    expect(context.data).toMatchObject({ CUSTOMER: 'C-1001', AMOUNT: 120.5, RECEIPT: { name: 'README.md' } });
    expect(await createRunData(world.runs.store).changes(run_id)).toEqual({ AMOUNT: 99.5 });
    expect(await world.run(number)).toMatchObject({ error: { code: 'Cancelled' }, request: { by: 'crm-gateway' } });
  });

  it('tells what was refused, and never the URL', async () => {
    for (const args of [
      ['correct', '999999', '1'],
      ['create', 'C-1001', '0', 'nothing'],
      ['create', 'C-9999', '10', 'stranger'],
      ['nonsense'],
    ]) {
      const { code, text } = await client(...args);
      expect(code).toBe(1);
      expect(text).not.toContain(url);
    }
    expect((await client('correct', '999999', '1')).text).toContain('not_found: There is no request 999999');
  });
});
