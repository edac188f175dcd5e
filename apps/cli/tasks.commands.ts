/** `signalbox tasks` */
import { authorName } from './author-name.ts';
import { command, managerId, noArguments, onlyArgument, wholeNumber, type Command } from './command.ts';
import { table } from './table.ts';

const list = command({
  name: 'tasks',
  summary: 'List tasks about customers, newest first',
  details: `
Usage: signalbox tasks [--customer ID] [--assignee ID] [--open] [--limit N] [--json]

  --customer ID  those about this customer
  --assignee ID  those of this manager
  --open         those nobody has done yet
  --limit N      at most this many (default 20)`,
  options: {
    customer: { type: 'string' },
    assignee: { type: 'string' },
    open: { type: 'boolean', default: false },
    limit: { type: 'string', default: '20' },
    json: { type: 'boolean' },
  },
  async run({ values, positionals }, { store, out }) {
    noArguments(positionals);
    const { customer, assignee, open } = values;
    const limit = wholeNumber('limit', values.limit, { min: 1, max: 1000 });
    const filter = {
      ...(customer !== undefined && { customerId: customer }),
      ...(assignee !== undefined && { assigneeId: managerId('assignee', assignee) }),
      open,
      limit,
    };
    const found = await (await store()).tasks.list(filter);
    if (values.json) return out(JSON.stringify(found));
    const rows = found.map((task) => [
      task.created_at,
      task.status,
      task.due_at,
      task.type,
      task.title,
      task.customer_id,
      task.assignee_id,
      task.tenant,
      task.id,
    ]);
    out(table(['TIME', 'STATUS', 'DUE', 'TYPE', 'TITLE', 'CUSTOMER', 'ASSIGNEE', 'BRAND', 'ID'], rows));
  },
});

const done = command({
  name: 'tasks done',
  summary: 'Close a task: it has been done',
  details: `Usage: signalbox tasks done ID [--by NAME]

A task that is closed already stays as it is.

  --by NAME  who says so (default: your login name)`,
  options: { by: { type: 'string' } },
  async run({ values, positionals }, { store, out, audited }) {
    const id = onlyArgument(positionals, 'the id of a task');
    const { tasks } = await store();
    const note = { operation: 'task.close', target: `task/${id}`, brand: null, by: authorName(values.by) } as const;
    const task = await audited(note, () => tasks.close(id, new Date().toISOString()));
    out(`${task.id}: done ${task.done_at}`);
  },
});

export const taskCommands: Command[] = [list, done];
