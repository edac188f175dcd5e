/** Numbers of runs and of processes: unique, whoever asks at once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProcessDeclaration } from '#libs/domain/rules/process.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import { createProcesses } from '#libs/store/rules/process.repository.ts';
import { createRuleRepository } from '#libs/store/rules/rule.repository.ts';
import { createRunNumbers } from '#libs/store/runs/run-number.repository.ts';
import { ruleDefinition } from '../../support/rules.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

async function putProcess(id: string, name: string, version = 1, given: Partial<Rule> = {}): Promise<void> {
  const process: ProcessDeclaration = { name, version, state: 'active', public: true, data: [] };
  const definition = ruleDefinition({ trigger_event: 'request.created', process, ...given });
  await createRuleRepository(store.connection).apply([{ id, definition }], 'tester');
}

describe('numbers of runs', () => {
  it('are given to one run each, by processes that ask at once', async () => {
    const processes = Array.from({ length: 4 }, () => createRunNumbers(store.connection));
    const taken = await Promise.all(
      processes.flatMap((numbers) => [1, 70, 3, 120].map((count) => numbers.take(count))),
    );
    const all = taken.flat();
    expect(taken.map((numbers) => numbers.length)).toEqual(processes.flatMap(() => [1, 70, 3, 120]));
    expect(new Set(all).size).toBe(all.length);
    expect(Math.min(...all)).toBe(1);
    // As small as can be: what is left in the blocks of four processes is all that is missing.
    expect(Math.max(...all)).toBeLessThan(all.length + 4 * 200);
  });

  it('go on where they were after a restart', async () => {
    const [before] = await createRunNumbers(store.connection).take(1);
    const [after] = await createRunNumbers(store.connection).take(1);
    expect(after).toBeGreaterThan(before!);
  });
});

describe('processes', () => {
  it('have one number each, whoever asks at once, and keep it when the rule is changed', async () => {
    await putProcess('one', 'ONE');
    const asked = await Promise.all(
      Array.from({ length: 8 }, () => createProcesses(store.connection).candidates({ name: 'ONE' })),
    );
    const numbers = new Set(asked.flat().map(({ number }) => number));
    expect(numbers.size).toBe(1);
    await putProcess('one', 'RENAMED');
    const [number] = [...numbers];
    const [found] = await createProcesses(store.connection).candidates({ number: number! });
    expect(found?.rule.process.name).toBe('RENAMED');
    expect(await createProcesses(store.connection).candidates({ name: 'ONE' })).toEqual([]);
  });

  it('are found by name in every version and status, and listed without what is archived', async () => {
    const rules = createRuleRepository(store.connection);
    await putProcess('two-b', 'TWO', 2);
    await putProcess('two-a', 'TWO', 1, { status: 'inactive' });
    await putProcess('two-c', 'TWO', 3);
    await rules.archive('two-c', 'tester');
    const processes = createProcesses(store.connection);
    const found = await processes.candidates({ name: 'TWO' });
    expect(found.map(({ rule }) => rule.status).toSorted()).toEqual(['active', 'archived', 'inactive']);
    const listed = (await processes.list()).filter(({ rule }) => rule.process.name === 'TWO');
    expect(listed.map(({ rule }) => rule.id)).toEqual(['two-a', 'two-b']);
  });

  it('are no processes any more once the rule is none, or is deleted', async () => {
    const rules = createRuleRepository(store.connection);
    const processes = createProcesses(store.connection);
    await putProcess('three', 'THREE');
    const [{ number } = { number: 0 }] = await processes.candidates({ name: 'THREE' });
    await rules.apply([{ id: 'three', definition: ruleDefinition() }], 'tester');
    expect(await processes.candidates({ number })).toEqual([]);
    expect(await processes.candidates({ name: 'THREE' })).toEqual([]);
    await putProcess('three', 'THREE');
    expect((await processes.candidates({ name: 'THREE' }))[0]?.number).toBe(number);
    await rules.delete('three', 'tester');
    expect(await processes.candidates({ number })).toEqual([]);
    expect(await processes.candidates({ name: 'THREE' })).toEqual([]);
  });
});
