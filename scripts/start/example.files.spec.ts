import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../../stack/repository-root.ts';
import { validateRule } from '#libs/domain/validation/validate-rule.ts';
import { exampleDirectory, exampleEvents, exampleRules, receiverInFiles } from './example.files.ts';

const folder = join(repositoryRoot(), 'examples');

describe('the example files', () => {
  it('are what the loaders take, rules with an id of their own', () => {
    for (const { path, content } of exampleRules(folder, receiverInFiles)) {
      const { id, errors } = validateRule(content);
      expect(errors, path).toEqual([]);
      expect(path).toContain(`/${id}.yaml`);
    }
    expect(exampleDirectory(folder, receiverInFiles).accounts.length).toBeGreaterThan(0);
  });

  it('promise runs of rules that are there', () => {
    const names = exampleRules(folder, receiverInFiles).map(({ content }) => (content as { name: string }).name);
    expect(new Set(names).size).toBe(names.length);
    for (const { expect: promised } of exampleEvents(folder, 'x', '2026-01-01T00:00:00.000Z')) {
      for (const { rule } of promised.runs) expect(names).toContain(rule);
    }
  });

  it('give each start events of its own', () => {
    const now = '2026-01-01T00:00:00.000Z';
    const ids = (suffix: string) => exampleEvents(folder, suffix, now).map((event) => event.eventId);
    const [first, second] = [ids('a'), ids('b')];
    expect(new Set([...first, ...second]).size).toBe(first.length * 2);
    const [event] = exampleEvents(folder, 'a', now);
    expect(event?.message.value).toMatchObject({ id: event?.eventId, occurredAt: now });
    expect(event?.message.key).toBe('500102');
  });

  it('call the receiver wherever it listens', () => {
    const text = JSON.stringify(exampleRules(folder, 'http://127.0.0.1:31000'));
    expect(text).toContain('http://127.0.0.1:31000/risk-desk');
    expect(text).not.toContain(receiverInFiles);
    const { endpoints } = exampleDirectory(folder, 'http://127.0.0.1:31000');
    expect(endpoints).toMatchObject([{ name: 'slack_notification', url: 'http://127.0.0.1:31000/slack' }]);
  });
});
