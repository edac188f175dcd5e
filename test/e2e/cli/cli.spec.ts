import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCounterStore } from '#libs/store/crm/manager-counter.repository.ts';
import { createNoteStore } from '#libs/store/crm/note.repository.ts';
import { createNotificationStore } from '#libs/store/crm/notification.repository.ts';
import { createRunLedger } from '#libs/store/runs/run-ledger.repository.ts';
import { createRunRecorder } from '#libs/store/runs/run-recorder.ts';
import { createTaskStore } from '#libs/store/crm/task.repository.ts';
import { signalbox, type CliResult } from '../../support/cli.ts';
import { runRecord } from '../../support/runs.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

const run = (args: string[], input?: string): Promise<CliResult> => signalbox(store.uri, args, input);

describe('signalbox', () => {
  it('explains itself, as a whole and each command', async () => {
    const help = await run(['help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    const names = [...help.stdout.matchAll(/^ {2}([\w-]+(?: [\w-]+)?) {2,}/gm)].map(([, name]) => name!);
    expect(names).toContain('rules apply');
    expect(names).toHaveLength(70);
    const each = await Promise.all(names.map((name) => run([...name.split(' '), '--help'])));
    each.forEach(({ code, stdout }, index) => {
      expect(code).toBe(0);
      expect(stdout).toContain(`Usage: signalbox ${names[index]}`);
    });
  });

  it('ends with 64 when it is called wrongly, saying what would be right', async () => {
    const wrong = [
      ['rulez'],
      ['rules'],
      ['rules', 'show'],
      ['rules', 'list', '--colour'],
      ['runs', 'list', '--limit', 'x'],
      ['rules', 'apply'],
      ['directory', 'list', 'people'],
      ['rules', 'apply', '-f', '-', '--by', '--dry-run'],
    ];
    const results = await Promise.all(wrong.map((args) => run(args)));
    expect(results.map(({ code, stdout }) => [code, stdout])).toEqual(wrong.map(() => [64, '']));
    expect(results[6]!.stderr).toContain('groups, accounts, customers');
  });

  it('ends with 3 when the store cannot be reached, and with 1 when the configuration is wrong, naming no password', async () => {
    const away = await signalbox('mongodb://ops:s3cr3t@127.0.0.1:1/signalbox', ['rules', 'list']);
    expect(away.code).toBe(3);
    const wrong = await signalbox('postgres://ops:s3cr3t@host', ['rules', 'list']);
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain('MONGODB_URI');
    expect(away.stderr + wrong.stderr).not.toContain('s3cr3t');
  });

  it('prints its version', async () => {
    expect((await run(['version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('signalbox directory', () => {
  it('loads every kind and lists it', async () => {
    const directory = `
groups: [{ name: demo, brand: alpha }]
accounts: [{ login: 4711, group: demo, customer_id: C-1, enable: true }]
customers: [{ id: C-1, country: BR, logins: [4711] }]
managers: [{ id: 7, name: Mia, brands: [alpha] }]
teams: [{ id: sales, name: Sales, agent_ids: [7] }]
desks: [{ code: retention, name: Retention, team_id: sales }]
statuses: [{ id: 1, type: sales, code: new }]
templates: [{ code: win_back, channel: sms, text: 'Come back, {{customer.first_name}}' }]
endpoints: [{ name: crm, url: 'https://crm.example/hooks/abcdefgh', headers: { X-Key: ijklmnop } }]
users: [{ id: 1, username: crm-gateway, role: SESSION_DEALER }]
user_groups: [{ code: payments, name: Payments, right: folder_manager, folders: [payments], users: [crm-gateway] }]
`;
    const kinds = [
      'groups',
      'accounts',
      'customers',
      'managers',
      'teams',
      'desks',
      'statuses',
      'templates',
      'endpoints',
      'users',
      'user_groups',
    ];
    const loaded = kinds.map((kind) => `${kind}: 1`).join(', ');
    expect(await run(['directory', 'apply', '-f', '-'], directory)).toMatchObject({
      code: 0,
      stdout: `loaded ${loaded}\n`,
    });
    const tables = await Promise.all(kinds.map((kind) => run(['directory', 'list', kind])));
    for (const { stdout } of tables) expect(stdout.trim().split('\n')).toHaveLength(2);
    const customers = await run(['directory', 'list', 'customers', '--json']);
    expect(JSON.parse(customers.stdout)).toEqual([{ id: 'C-1', country: 'BR', logins: [4711] }]);
    const endpoints = await run(['directory', 'list', 'endpoints', '--json']);
    expect(tables[8]!.stdout + endpoints.stdout).toContain('https://crm.example/***');
    expect(tables[8]!.stdout + endpoints.stdout).not.toMatch(/abcdefgh|ijklmnop/);
  });

  it('loads no template that cannot be rendered', async () => {
    const wrong = `templates: [{ code: win_back, channel: sms, text: 'Come back, {{#customer}}' }]`;
    const { code, stderr } = await run(['directory', 'apply', '-f', '-'], wrong);
    expect(code).toBe(1);
    expect(stderr).toContain('(stdin): templates[0].text: cannot be read: Unclosed section "customer"');
  });

  it('refuses a team below itself', async () => {
    const cycle = 'teams: [{ id: a, name: A, parent_id: b }, { id: b, name: B, parent_id: a }]';
    expect(await run(['directory', 'apply', '-f', '-'], cycle)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('teams: a team cannot be below itself: a is below b is below a'),
    });
  });

  it('tells every issue with its place and stores nothing', async () => {
    const wrong = `
groups: [{ name: other }]
accounts: [{ login: 1, group: demo, customer_id: A }, { login: 1, group: demo }]
customers: [{ id: B, logins: [1] }]
`;
    const first = await run(['directory', 'apply', '-f', '-'], wrong);
    expect(first).toMatchObject({ code: 1, stdout: '' });
    expect(first.stderr).toContain('(stdin): groups[0].brand: is missing');
    const second = await run(['directory', 'apply', '-f', '-'], wrong.replace('name: other', 'name: other, brand: x'));
    expect(second.stderr).toContain('(stdin): accounts[1]: "1" is given by (stdin): accounts[0] too');
    expect(second.stderr).toContain('login 1 is given to customer "A" and to customer "B"');
    const groups = await run(['directory', 'list', 'groups', '--json']);
    expect(groups.stdout).not.toContain('other');
  });
});

describe('signalbox runs and notifications', () => {
  it('shows the run log and what became of each action', async () => {
    const ids = ['r1:e1', 'r1:e2', 'r2:e1'];
    const times = ['2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z', '2026-01-03T00:00:00.000Z'];
    await createRunLedger(store.connection).claim(
      ids.map((run_id, index) =>
        runRecord({ run_id, rule_id: run_id.slice(0, 2), event_id: run_id.slice(3), claimed_at: times[index]! }),
      ),
    );
    await createRunRecorder(store.connection).write('r1:e2', {
      status: 'failed',
      started_at: times[1]!,
      finished_at: times[1]!,
      duration_ms: 12,
      error: { code: 'http_status', message: 'answered 500', action: 'action-0' },
      actions: [
        {
          index: 0,
          type: 'webhook.send',
          status: 'failed',
          attempts: 5,
          started_at: times[1]!,
          finished_at: times[1]!,
          error: { code: 'http_status', message: 'answered 500 \u001b[31m' },
        },
      ],
    });
    const listed = await run(['runs', 'list', '--rule', 'r1', '--from', '2026-01-01', '--json']);
    const { runs } = JSON.parse(listed.stdout) as { runs: { run_id: string; status: string }[] };
    expect(runs.map(({ run_id, status }) => [run_id, status])).toEqual([
      ['r1:e2', 'failed'],
      ['r1:e1', 'running'],
    ]);
    const page = await run(['runs', 'list', '--limit', '1']);
    expect(page.stdout).toContain('r2:e1');
    const cursor = /--cursor (\S+)/.exec(page.stderr)![1]!;
    expect((await run(['runs', 'list', '--limit', '1', '--cursor', cursor])).stdout).toContain('r1:e2');
    const shown = await run(['runs', 'show', 'r1:e2']);
    expect(shown.stdout).toMatch(/webhook\.send +failed +5 +http_status: answered 500/);
    expect(shown.stdout).not.toContain('\u001b');
    expect(await run(['runs', 'show', 'none'])).toMatchObject({ code: 1 });
    expect(await run(['runs', 'list', '--cursor', 'xyz'])).toMatchObject({ code: 1 });
  });

  it('lists what managers were told', async () => {
    const told = {
      title: 'Big deposit',
      message: 'Look at this.',
      tenant: 'alpha',
      run_id: 'r1:e1',
      rule_id: 'r1',
      rule_name: 'Rule 1',
      event_id: 'e1',
      customer_id: 'C-1',
      login: null,
    };
    await createNotificationStore(store.connection).add([
      { id: 'n1', manager_id: 7, created_at: '2026-01-01T00:00:00.000Z', ...told },
      { id: 'n2', manager_id: 8, created_at: '2026-01-02T00:00:00.000Z', ...told },
    ]);
    const all = await run(['notifications']);
    expect(all.stdout.split('\n')[1]).toContain('2026-01-02');
    const own = await run(['notifications', '--manager', '7', '--json']);
    expect(JSON.parse(own.stdout)).toMatchObject([{ id: 'n1', manager_id: 7 }]);
  });
});

describe('signalbox tasks, notes and managers counters', () => {
  const made = {
    tenant: 'alpha',
    run_id: 'r1:e1',
    rule_id: 'r1',
    rule_name: 'Rule 1',
    event_id: 'e1',
    customer_id: 'C-9',
    login: null,
    created_at: '2026-01-01T00:00:00.000Z',
  };

  it('R-171 lists tasks and closes them', async () => {
    const task = { ...made, type: 'call', title: 'Call back', status: 'open' as const, due_at: null, done_at: null };
    const tasks = createTaskStore(store.connection);
    await tasks.add({ ...task, id: 'r1:e1/action-0', assignee_id: 7 });
    await tasks.add({ ...task, id: 'r1:e1/action-1', assignee_id: 8 });
    const listed = async (...filter: string[]): Promise<string[]> => {
      const { stdout } = await run(['tasks', ...filter, '--json']);
      return (JSON.parse(stdout) as { id: string }[]).map(({ id }) => id);
    };
    expect(await listed('--customer', 'C-9')).toEqual(['r1:e1/action-1', 'r1:e1/action-0']);
    expect(await listed('--assignee', '7')).toEqual(['r1:e1/action-0']);
    expect((await run(['tasks', 'done', 'r1:e1/action-0'])).stdout).toMatch(/^r1:e1\/action-0: done 20\S+Z\n$/);
    expect(await listed('--open')).toEqual(['r1:e1/action-1']);
    expect((await run(['tasks', '--open'])).stdout).toMatch(/open +- +call +Call back +C-9 +8 +alpha +r1:e1\/action-1/);
    const unknown = await run(['tasks', 'done', 'none']);
    expect(unknown).toMatchObject({ code: 1, stderr: 'signalbox: There is no task "none".\n' });
  });

  it("R-172 R-173 shows a customer's notes and what was counted for managers", async () => {
    await createNoteStore(store.connection).add({ ...made, id: 'n1', customer_id: 'C-9', body: 'Rescue initiated' });
    const counters = createCounterStore(store.connection);
    for (const id of ['a', 'b']) await counters.add({ ...made, id, manager_id: 7, counter: 'rescues', by: 2 });
    expect((await run(['notes', '--customer', 'C-9'])).stdout).toMatch(/Rescue initiated +Rule 1 +r1:e1/);
    expect(await run(['notes'])).toMatchObject({ code: 64 });
    expect((await run(['managers', 'counters'])).stdout).toMatch(/^7 +rescues +4$/m);
    expect((await run(['managers', 'counters', '--manager', '8', '--json'])).stdout).toBe('[]\n');
  });
});

it('a name is one line that is not too long, and nobody’s key', async () => {
  for (const by of ['x'.repeat(201), 'two\nlines', 'machine:0123456789abcdef']) {
    expect(await run(['rules', 'archive', 'none', '--by', by])).toMatchObject({ code: 64 });
  }
});

describe('the audit log', () => {
  it('lists who changed what on the command line', async () => {
    const rule = {
      id: 'audited',
      name: 'Audited',
      trigger_event: 'a.b',
      actions: [{ type: 'add_note', params: { body: 'x' } }],
    };
    expect(await run(['rules', 'apply', '-f', '-', '--by', 'ann'], JSON.stringify(rule))).toMatchObject({ code: 0 });
    const directory = JSON.stringify({ managers: [{ id: 77, name: 'Mo', enabled: true }] });
    expect(await run(['directory', 'apply', '-f', '-', '--by', 'ann'], directory)).toMatchObject({ code: 0 });
    const closed = await run(['tasks', 'done', 'none', '--by', 'ann']);
    expect(closed.code).toBe(1);
    const { entries } = JSON.parse((await run(['audit', '--by', 'ann', '--json'])).stdout) as { entries: object[] };
    expect(entries).toMatchObject([
      { operation: 'task.close', target: 'task/none', outcome: 'refused' },
      { operation: 'directory.load', outcome: 'done', what: { loaded: ['managers: 1'] } },
      { operation: 'rule.create', target: 'rule/audited', outcome: 'done' },
    ]);
    expect((await run(['audit', '--operation', 'rule.create'])).stdout).toMatch(/ann +rule\.create +rule\/audited v1/);
  });
});
