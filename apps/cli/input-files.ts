/**
 * The files of `-f`: JSON (`.json`) or YAML, `-` for standard input, a folder for all such files in it. What cannot be read is told with its line, for
 * every file before anything is done.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Option } from '@commander-js/extra-typings';
import {
  isCollection,
  isNode,
  LineCounter,
  parseAllDocuments,
  visit,
  type Document,
  type Node,
  type YAMLError,
} from 'yaml';
import { maxExactNumber, inexactNumber, findInexactNumber } from '#libs/contracts/exact-numbers.ts';
import { messageOf } from '#libs/domain/errors/errors.ts';
import { InvalidError, UsageError } from './cli-error.ts';
import { repeated, type Terminal } from './command.ts';
import { isTooDeepForYaml } from './yaml-depth.ts';

export interface InputDocument {
  /** As the file was named, `(stdin)` for `-`; several YAML documents of one file are counted. */
  source: string;
  content: unknown;
}

/** Files may hold this many references to anchors: enough for people, too few for a text that unfolds to gigabytes. */
const maxAliases = 100;

/** `-f FILE` given any number of times; further arguments are files too, so that `-f rules/*.yaml` works. */
export const fileOption = new Option(
  '-f, --file <file>',
  'a file, a folder of files, or - for standard input; may be given several times',
).argParser(repeated);

/** @throws UsageError when no file is named, InvalidError listing every file that cannot be read */
export async function readInputFiles(files: string[], terminal: Terminal): Promise<InputDocument[]> {
  if (files.length === 0) throw new UsageError('no file is named: -f FILE, or -f - for standard input');
  const documents: InputDocument[] = [];
  const issues: string[] = [];
  for (const file of new Set((await Promise.all(files.map(expand))).flat())) {
    const source = file === '-' ? '(stdin)' : file;
    try {
      const text = decode(file === '-' ? await terminal.readInput() : await readFile(file));
      const contents =
        file.endsWith('.json') || (file === '-' && looksLikeJson(text)) ? [exact(parseJson(text))] : parseYaml(text);
      contents.forEach((content, index) =>
        documents.push({ source: contents.length === 1 ? source : `${source} (document ${index + 1})`, content }),
      );
    } catch (error) {
      issues.push(...toMessages(error).map((message) => `${source}: ${message}`));
    }
  }
  if (issues.length > 0) throw new InvalidError('Nothing was done: not every file can be read.', issues);
  return documents;
}

/** The YAML and JSON files of a folder, by name; anything else as it is. */
async function expand(file: string): Promise<string[]> {
  const isFolder = file !== '-' && (await stat(file).catch(() => null))?.isDirectory() === true;
  if (!isFolder) return [file];
  const names = (await readdir(file)).filter((name) => /\.(ya?ml|json)$/.test(name)).sort();
  if (names.length === 0)
    throw new InvalidError('Nothing was done.', [`${file}: there is no .yaml or .json file in it`]);
  return names.map((name) => join(file, name));
}

class Issues extends Error {
  constructor(readonly messages: string[]) {
    super(messages.join('\n'));
  }
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Issues(['is not UTF-8 text']);
  }
}

function looksLikeJson(text: string): boolean {
  return /^\s*[[{]/.test(text);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = messageOf(error).replace(/ \(line \d+ column \d+\)$/, '');
    const position = /at position (\d+)/.exec(message)?.[1];
    if (position === undefined) throw new Issues([`is not JSON: ${message}`]);
    const before = text.slice(0, Number(position)).split('\n');
    const place = `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
    throw new Issues([`${place}: ${message.replace(/(?: in JSON)? at position \d+.*/s, '')}`]);
  }
}

/** @throws Issues for a number that is another one by now than the file has it */
function exact(content: unknown): unknown {
  const place = findInexactNumber(content);
  if (place !== null) throw new Issues([`${place === '' ? '' : `${place} `}${inexactNumber}`]);
  return content;
}

export function parseYaml(text: string): unknown[] {
  // The parser of YAML recurses, that of JSON does not.
  if (isTooDeepForYaml(text)) throw new Issues(['is nested too deeply for YAML: write it as JSON']);
  try {
    const lineCounter = new LineCounter();
    const documents = parseAllDocuments(text, { prettyErrors: true, stringKeys: true, lineCounter });
    if ('empty' in documents) throw new Issues(['is empty']);
    const errors = documents.flatMap((document) => [...document.errors, ...document.warnings]);
    if (errors.length > 0) throw new Issues(errors.map(yamlMessage));
    const unkept = documents.flatMap((document) => beyondJson(document, lineCounter));
    if (unkept.length > 0) throw new Issues(unkept);
    return documents.map((document) => document.toJS({ maxAliasCount: maxAliases }) as unknown);
  } catch (error) {
    if (error instanceof Issues) throw error;
    throw new Issues([messageOf(error)]);
  }
}

/**
 * What JSON cannot say exactly, or not at all: numbers of too many digits, `.inf` and `.nan`, values of tags such as
 * `!!binary`, and an alias within what it stands for.
 */
function beyondJson(document: Document.Parsed, lineCounter: LineCounter): string[] {
  const issues: string[] = [];
  const complain = ({ range }: Node, what: string): void => {
    const { line, col } = lineCounter.linePos(range?.[0] ?? 0);
    issues.push(`line ${line}, column ${col}: ${what}`);
  };
  visit(document, {
    Scalar(_key, scalar) {
      const what = scalarIssue(scalar.value);
      if (what !== null) complain(scalar, what);
    },
    Collection(_key, collection) {
      if (isOfTag(collection))
        complain(collection, `${collection.tag} has no counterpart in JSON: write a list or an object`);
    },
    Alias(_key, alias, path) {
      const isWithin = path.some((node) => isNode(node) && isCollection(node) && node.anchor === alias.source);
      if (isWithin && path.includes(alias.resolve(document) as Node))
        complain(alias, `*${alias.source} stands within what it stands for`);
    },
  });
  return issues;
}

function scalarIssue(value: unknown): string | null {
  if (typeof value === 'object' && value !== null) return 'is no text, number, true or false: write it as a text';
  if (typeof value !== 'number' || Math.abs(value) <= maxExactNumber) return null;
  return Number.isNaN(value) ? 'is no number: write it as a text' : inexactNumber;
}

/** Sets and ordered maps become objects of JavaScript that no check knows. */
function isOfTag({ tag }: Node): boolean {
  return tag !== undefined && !/:(?:map|seq)$/.test(tag);
}

/** The first line of the parser's message already names line and column; a picture of the place follows it. */
function yamlMessage({ message, linePos }: YAMLError): string {
  const said = (message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '');
  const start = linePos?.[0];
  return start === undefined ? said : `line ${start.line}, column ${start.col}: ${said}`;
}

function toMessages(error: unknown): string[] {
  if (error instanceof Issues) return error.messages;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return ['there is no such file'];
  return [messageOf(error)];
}
