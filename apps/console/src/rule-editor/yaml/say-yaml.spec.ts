import { expect, it } from 'vitest';
import { readYaml } from '../model/rule-yaml.ts';
import { sayYaml } from './say-yaml.ts';

it.each([
  ['name: a\nname: b\n', 'Dieser Name steht hier schon einmal.'],
  ['name: "a\n', 'Hier fehlt ein Zeichen'],
  ['name:\n\t- a\n', 'Eingerückt wird mit Leerzeichen'],
  ['- a\n', 'Eine Regel ist ein Objekt mit Namen.'],
  ['a: 9007199254740993\n', 'Diese Zahl lässt sich nicht genau behalten'],
  [' \n', 'Der Text ist leer.'],
])('%j is refused in the language that is chosen, with the words of the parser behind it', (text, german) => {
  const found = readYaml(text);
  const [first] = 'problems' in found ? found.problems : [];
  const { text: said, original } = sayYaml('de', first!);
  expect(said).toContain(german);
  expect(original).toBe(first!.message);
  expect(sayYaml('en', first!)).toEqual({ text: first!.message, original: null });
});
