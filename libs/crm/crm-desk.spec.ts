import { describe, expect, it, vi } from 'vitest';
import type { AuditEvent, Audited } from '#libs/domain/access/audit-log.ts';
import type { Task } from '#libs/domain/crm/task.ts';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import { CrmDesk } from './crm-desk.ts';

const open = { id: 't', tenant: 'oak', status: 'open' } as Task;
const done = { ...open, status: 'done' } as Task;

function desk(stored: Task | null) {
  const notes: AuditEvent[] = [];
  const audited: Audited = (note, act) => {
    notes.push(note);
    return act();
  };
  const close = vi.fn(() =>
    stored === null ? Promise.reject(new PermanentError('task_not_found', 'none')) : Promise.resolve(done),
  );
  const tasks = { find: () => Promise.resolve(stored), close };
  const notifications = { find: () => Promise.resolve(null), markRead: vi.fn() };
  return { notes, close, desk: new CrmDesk({ tasks, notifications, audited }) };
}

describe('closing a task', () => {
  it('is noted under its brand, as an act that one person does once', async () => {
    const { desk: at, notes } = desk(open);
    expect(await at.closeTask('t', 'ada')).toBe(done);
    await at.closeTask('t', 'bert');
    expect(notes).toMatchObject([
      { operation: 'task.close', target: 'task/t', brand: 'oak', by: 'ada' },
      { by: 'bert', once: expect.any(String) },
    ]);
    expect(notes[0]?.once).not.toBe(notes[1]?.once);
  });

  it('does and notes nothing where it is done', async () => {
    const { desk: at, notes, close } = desk(done);
    expect(await at.closeTask('t', 'ada')).toBe(done);
    expect(notes).toEqual([]);
    expect(close).not.toHaveBeenCalled();
  });

  it('is noted each time where there is no such task', async () => {
    const { desk: at, notes } = desk(null);
    await expect(at.closeTask('t', 'ada')).rejects.toMatchObject({ code: 'task_not_found' });
    expect(notes).toEqual([{ operation: 'task.close', target: 'task/t', brand: null, by: 'ada' }]);
  });
});
