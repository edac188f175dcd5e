/** `npm start` as a person runs it: compiled, with servers of its own, on free ports and in a state folder of its own. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runningInstance } from '../../scripts/instance/instance.file.ts';
import { livingProcesses } from '../../scripts/instance/living-processes.ts';
import { identify, lives, withDescendants } from '../../stack/process-identity.ts';
import { repositoryRoot } from '../../stack/repository-root.ts';

const root = repositoryRoot();
const startWithinMs = 180_000;

/** The environment of the test run names servers; these starts are to bring their own. */
function environment(stateDir: string): NodeJS.ProcessEnv {
  const { TEMPORAL_ADDRESS: _t, TEMPORAL_UI_URL: _u, KAFKA_BROKERS: _k, MONGODB_URI: _m, ...rest } = process.env;
  return { ...rest, SIGNALBOX_STATE_DIR: stateDir, SIGNALBOX_PORTS: 'free', NO_COLOR: '1' };
}

class Start {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  output = '';
  /** Every process that was ever seen below it. */
  readonly #seen = new Set<string>();
  readonly #watch: NodeJS.Timeout;

  constructor(stateDir: string, ...args: string[]) {
    this.child = spawn(process.execPath, [join(root, 'dist/scripts/start.js'), ...args], {
      env: environment(stateDir),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.#watch = setInterval(() => this.look(), 250);
    this.ended = once(this.child, 'close').then(([code]) => {
      clearInterval(this.#watch);
      return code as number | null;
    });
  }

  look(): void {
    for (const pid of withDescendants(this.child.pid ?? 0)) {
      const identity = identify(pid);
      if (identity !== null) this.#seen.add(identity);
    }
  }

  get started(): number {
    return this.#seen.size;
  }

  get living(): string[] {
    return [...this.#seen].filter(lives);
  }
}

function command(script: string, stateDir: string, ...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(process.execPath, [join(root, 'dist/scripts', script), ...args], {
    env: environment(stateDir),
  });
}

describe('npm start', () => {
  let stateDir: string;
  beforeAll(() => (stateDir = mkdtempSync(join(tmpdir(), 'signalbox-start-'))));
  afterAll(() => rmSync(stateDir, { recursive: true, force: true }));

  it(
    'plays the examples on a fresh clone, leaves with 0, and no process stays behind',
    async () => {
      const start = new Start(stateDir, '--once');
      const code = await start.ended;
      expect(start.output).toContain('example events ended as expected');
      expect(code).toBe(0);
      expect(start.output).toMatch(/matched: Large gold position\n +1\/3 +customer\.set_risk_level +completed/);
      expect(start.output).toMatch(/run completed in /);
      expect(start.output).toMatch(/matched: High-value deposit alert, New depositor onboarding\n/);
      expect(start.output).toMatch(/skipped: Withdrawal courtesy call, held back by "Large withdrawal review"/);
      expect(start.output).toMatch(/1\/2 +webhook\.send +failed/);
      expect(start.output).toMatch(/paused: "Pay out 40000 USD from account 500102\?" waits for 12, .*SESSION_ADMIN/);
      expect(start.output).toMatch(/2\/3 +approval\.request +completed +approved by examples/);
      expect(start.output).toContain('mail to maria.silva@mail.example: Bem-vinda à alder, Maria');
      expect(start.output).toContain('SMS to +393331234567: Chiara, ci manchi a bluefin. Ci sentiamo?');
      expect(start.output).toMatch(/warning: .*brand/);
      expect(start.started).toBeGreaterThan(6);
      expect(start.living).toEqual([]);
      expect(livingProcesses(stateDir)).toEqual([]);
      expect(runningInstance(stateDir)).toBeNull();
    },
    startWithinMs,
  );

  it(
    'plays them again on the same store, serves the other commands, and ends in order at Ctrl-C',
    async () => {
      const start = new Start(stateDir);
      await expect.poll(() => start.output, { timeout: startWithinMs }).toMatch(/Ctrl-C stops everything|unexpected/);
      expect(start.output).toContain('example events ended as expected');

      const { stdout: token } = await command('token.js', stateDir, '--role', 'SESSION_ADMIN', '--sub', 'alice');
      expect(token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
      const api = runningInstance(stateDir)?.urls.api ?? '';
      const answer = await fetch(`${api}/api/workflow/runs`, { headers: { Authorization: `Bearer ${token.trim()}` } });
      expect(answer.status).toBe(200);

      const [link] = /http\S+\/console#token=[\w-]+\.[\w-]+\.[\w-]+/.exec(start.output) ?? [];
      expect(await (await fetch(link ?? '')).text()).toContain('<div id="root">');

      // Without --once the approval waits for somebody, and the command on the screen answers it.
      const [, approvalToken] = /approvals approve ([0-9a-f]{64})/.exec(start.output) ?? [];
      const answered = await fetch(`${api}/api/workflow/approvals/${approvalToken}`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${token.trim()}`, 'Content-Type': 'application/json' },
        body: '{"decision":"approve"}',
      });
      expect(await answered.json()).toMatchObject({ success: true, data: { answer: { state: 'approved' } } });

      const event = join(root, 'examples/events/02-small-gold-trade.json');
      const { stdout: placed } = await command('publish.js', stateDir, event);
      expect(placed).toMatch(/^trade\.push {2}partition \d+ {2}offset \d+\n$/);

      await expect(command('start.js', stateDir)).rejects.toThrow(/runs already \(process \d+\)/);
      await expect(command('reset.js', stateDir)).rejects.toThrow(new RegExp(`npm start: process ${start.child.pid}`));

      // One Ctrl-C under npm arrives twice: from the terminal and from npm.
      start.child.kill('SIGINT');
      start.child.kill('SIGINT');
      expect(await start.ended).toBe(0);
      expect(start.output).toMatch(/stopped\n$/);
      expect(start.living).toEqual([]);
    },
    startWithinMs,
  );

  it(
    'stops everything and leaves with 1 when an app dies, and shows the end of its log',
    async () => {
      const start = new Start(stateDir);
      await expect.poll(() => start.output, { timeout: startWithinMs }).toMatch(/worker: ready|unexpected/);
      const { pid } = livingProcesses(stateDir).find(({ name }) => name === 'worker') ?? {};
      process.kill(pid ?? 0, 'SIGKILL');
      expect(await start.ended).toBe(1);
      expect(start.output).toContain('worker ended unexpectedly (signal SIGKILL). The last lines of');
      expect(start.output).toContain('"msg":"started"');
      expect(start.living).toEqual([]);
    },
    startWithinMs,
  );

  it(
    'takes everything along when it is killed itself, so that its state can be removed',
    async () => {
      const start = new Start(stateDir);
      await expect.poll(() => start.output, { timeout: startWithinMs }).toMatch(/worker: ready|unexpected/);
      start.look();
      start.child.kill('SIGKILL');
      await start.ended;
      await expect.poll(() => start.living, { timeout: 40_000 }).toEqual([]);
      expect(livingProcesses(stateDir)).toEqual([]);
      const { stdout: reset } = await command('reset.js', stateDir);
      expect(reset).toContain('Removed');
    },
    startWithinMs,
  );
});
