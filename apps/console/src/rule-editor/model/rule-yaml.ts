/** A rule as YAML, both ways, with the same limits as the files of the command line. */
import {
  isCollection,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseDocument,
  stringify,
  visit,
  type Document,
  type ErrorCode,
  type Node,
} from 'yaml';
import { isObject, type JsonObject } from './condition-tree.ts';
import { isDeeper, writeJson } from './write-json.ts';

/** Those of the parser, and what it takes and no rule may be. */
export type YamlCode =
  | ErrorCode
  | 'too_long'
  | 'empty'
  | 'too_deep'
  | 'no_object'
  | 'inexact_number'
  | 'no_json_value'
  | 'no_json_collection'
  | 'alias_of_itself'
  | 'unreadable';

export interface YamlProblem {
  code: YamlCode;
  message: string;
  /** Characters from the beginning of the text. */
  from: number;
  to: number;
}

export type ReadYaml = { rule: JsonObject; places: (path: string) => [number, number] } | { problems: YamlProblem[] };

export const yamlLimits = { characters: 2_000_000, aliases: 100, levels: 250 } as const;

/** As YAML; as JSON, which is YAML too, where it nests too deeply for the writer. */
export function writeYaml(rule: JsonObject): string {
  if (isDeeper(rule, yamlLimits.levels)) return `${writeJson(rule)}\n`;
  return stringify(rule, { lineWidth: 0, aliasDuplicateObjects: false });
}

export function readYaml(text: string): ReadYaml {
  const all = (code: YamlCode, message: string): ReadYaml => ({
    problems: [{ code, message, from: 0, to: Math.min(text.length, 1) }],
  });
  if (text.length > yamlLimits.characters) {
    return all('too_long', `The text has more than ${yamlLimits.characters} characters.`);
  }
  if (text.trim() === '') return all('empty', 'The text is empty.');
  const deep = /^\s*\{/.test(text) ? readDeepJson(text) : null;
  if (deep !== null) return deep;
  if (nestsTooDeeply(text)) return all('too_deep', 'The text nests too deeply for YAML: write it as JSON.');
  try {
    const document = parseDocument(text, { prettyErrors: false, stringKeys: true, lineCounter: new LineCounter() });
    const problems = [...document.errors, ...document.warnings].map(({ code, message, pos }) =>
      problem(code, message, pos),
    );
    problems.push(...beyondJson(document));
    if (problems.length > 0) return { problems };
    const rule: unknown = document.toJS({ maxAliasCount: yamlLimits.aliases });
    return isObject(rule)
      ? { rule, places: (path) => rangeOf(document, path) }
      : all('no_object', 'A rule is an object with names.');
  } catch (error) {
    return all('unreadable', error instanceof Error ? error.message : String(error));
  }
}

/** @returns null where the text is no JSON, or no deeper than YAML goes: that says better where something is wrong */
function readDeepJson(text: string): ReadYaml | null {
  try {
    const rule: unknown = JSON.parse(text);
    return isObject(rule) && isDeeper(rule, yamlLimits.levels) ? { rule, places: () => [0, 0] } : null;
  } catch {
    return null;
  }
}

function problem(code: YamlCode, message: string, [from, to]: [number, number]): YamlProblem {
  return { code, message, from, to: Math.max(to, from + 1) };
}

/** What JSON cannot say: numbers of too many digits, `.inf`, tags such as `!!binary`, an alias within what it stands for. */
function beyondJson(document: Document.Parsed): YamlProblem[] {
  const problems: YamlProblem[] = [];
  const complain = ({ range }: Node, code: YamlCode, message: string): void => {
    problems.push(problem(code, message, [range?.[0] ?? 0, range?.[1] ?? 0]));
  };
  visit(document, {
    Scalar(_key, scalar) {
      const { value } = scalar;
      const isNumber = typeof value === 'number' || typeof value === 'bigint';
      if (isNumber && !(Math.abs(Number(value)) <= Number.MAX_SAFE_INTEGER)) {
        complain(scalar, 'inexact_number', 'This number cannot be kept exactly: write it as a text.');
      } else if (typeof value === 'object' && value !== null) complain(scalar, 'no_json_value', 'Write it as a text.');
    },
    Collection(_key, collection) {
      const { tag } = collection;
      if (tag !== undefined && !/:(?:map|seq)$/.test(tag)) {
        complain(collection, 'no_json_collection', `${tag} is no list and no object.`);
      }
    },
    Alias(_key, alias, path) {
      if (path.some((node) => isNode(node) && isCollection(node) && node.anchor === alias.source)) {
        complain(alias, 'alias_of_itself', `*${alias.source} stands within what it stands for.`);
      }
    },
  });
  return problems;
}

/** Where a path stands in the text; where it is missing, what is around it. */
function rangeOf(document: Document.Parsed, path: string): [number, number] {
  let node: unknown = document.contents;
  let range: [number, number] = [0, 0];
  for (const written of path.match(/\["(?:[^"\\]|\\.)*"\]|[^.[\]]+/g) ?? []) {
    const step = written.startsWith('["') ? (JSON.parse(written.slice(1, -1)) as string) : written;
    if (!isCollection(node)) break;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
      if (pair === undefined) break;
      range = nodeRange(pair.key) ?? range;
      node = pair.value;
    } else {
      node = node.get(Number(step), true);
      range = nodeRange(node) ?? range;
    }
  }
  return isScalar(node) ? (nodeRange(node) ?? range) : range;
}

function nodeRange(node: unknown): [number, number] | null {
  return isNode(node) && node.range ? [node.range[0], node.range[1]] : null;
}

/** The parser recurses. Indentation and brackets bound how deep a text can nest. */
function nestsTooDeeply(text: string): boolean {
  if (new RegExp(`(?:[-?:][ \\t]+){${yamlLimits.levels}}`).test(text)) return true;
  let flow = 0;
  let deepest = 0;
  for (const char of text) {
    if (char === '{' || char === '[') flow += 1;
    else if (char === '}' || char === ']') flow = Math.max(0, flow - 1);
    deepest = Math.max(deepest, flow);
  }
  const widest = text.split('\n').reduce((most, line) => Math.max(most, line.length - line.trimStart().length), 0);
  return deepest > yamlLimits.levels || widest > 2 * yamlLimits.levels;
}
