/** The words of the console for rules, beside what rules consist of. */
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { actionCatalog } from '#libs/domain/actions/action-catalog.ts';
import { operators } from '#libs/domain/conditions/operators.ts';
import { builtInFields } from '#libs/domain/context/fields.ts';
import { knownTriggers } from '#libs/domain/events/triggers.ts';
import { ruleSentence } from '../../apps/console/src/shared/rule/rule-sentence.ts';
import { ruleWords } from '../../apps/console/src/shared/rule/rule-words.ts';

describe.each(['en', 'de'])('the words for rules in %s', (language) => {
  it('are there for everything that rules consist of', () => {
    const words = ruleWords(language);
    expect(Object.keys(words.triggers).sort()).toEqual(knownTriggers.map(({ name }) => name).sort());
    expect(Object.keys(words.fields).sort()).toEqual(builtInFields.map(({ path }) => path).sort());
    expect(Object.keys(words.operators).sort()).toEqual(operators.map(({ code }) => code).sort());
    expect(Object.keys(words.actions).sort()).toEqual(actionCatalog.map(({ type }) => type).sort());
  });

  const folder = new URL('../../examples/rules/', import.meta.url);
  it.each(readdirSync(folder))('tell the example %s', (name) => {
    const example = parse(readFileSync(new URL(name, folder), 'utf8')) as Record<string, unknown>;
    expect(ruleSentence(example, language)).toMatch(/^(?:When|Wenn) .+: .+\.$/s);
  });
});
