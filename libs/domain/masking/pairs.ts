/**
 * Secrets whose name is itself a value: `{"name":"password","value":"abc"}`, `<add key="ApiKey" value="abc"/>`,
 * `- name: API_KEY` before `value: abc`, and a part of a multipart form.
 */
import { readValue } from './assignments.ts';
import { isSecretName, mayNameSecret } from './names.ts';
import { maskSecret } from './secret.ts';

const isNaming = /^(?:name|key|field|header|param|parameter|property|variable|type|label)$/i;
const isNamed = /^(?:value|values|val|content)$/i;
const oneWord = /^[\w.:-]{1,100}$/;

const naming =
  /(?<![\w.-])(?:name|key|field|header|param|parameter|property|variable|type|label)(?:\\{0,64}["'`])?\s{0,20}[:=]\s{0,20}(?:\\{0,64}["'`])?([\w.:-]{1,100})(?:\\{0,64}["'`])?/gi;
const thenValue = /[\s,;&]{1,200}(?:\\{0,64}["'`])?(values?|val|content)(\\{0,64}["'`]?)\s{0,20}(?:=+>?|:=?)\s{0,20}/iy;
const valueThenName =
  /(?<![\w.-])((?:values?|val|content)(?:\\{0,64}["'`])?\s{0,20}[:=]\s{0,20}(\\{0,64}["'`]))([^"'`\r\n]{0,4000})(\2[\s,;&]{1,200}(?:\\{0,64}["'`])?(?:name|key|field|header|param|parameter|property|variable|type|label)(?:\\{0,64}["'`])?\s{0,20}[:=]\s{0,20}(?:\\{0,64}["'`])?([\w.:-]{1,100}))/gi;
const formPart = /(\bname=\\{0,64}"([\w.:-]{1,100})\\{0,64}"(?:(?:\r?\n|\\r\\n|\\n)){2})([^\r\n\\]+)/gi;

export function maskPairs(text: string): string {
  if (!mayNameSecret(text)) return text;
  return maskNameFirst(text)
    .replace(valueThenName, (all, before: string, _quote: string, value: string, after: string, name: string) =>
      isSecretName(name) ? before + maskBehindEscapes(value) + after : all,
    )
    .replace(formPart, (all, before: string, name: string, value: string) =>
      isSecretName(name) ? before + maskSecret(value) : all,
    );
}

/** Whether a member `name` of the object says that others of its members are secret. */
export function namesSecret(object: object): boolean {
  return Object.entries(object).some(
    ([name, value]) => typeof value === 'string' && isNaming.test(name) && oneWord.test(value) && isSecretName(value),
  );
}

/** Whether it is a member `value` beside such a name. */
export function isNamedValue(name: string): boolean {
  return isNamed.test(name);
}

function maskNameFirst(text: string): string {
  let result = '';
  let copied = 0;
  naming.lastIndex = 0;
  for (let match = naming.exec(text); match !== null; match = naming.exec(text)) {
    if (!isSecretName(match[1] ?? '')) continue;
    thenValue.lastIndex = naming.lastIndex;
    const named = thenValue.exec(text);
    if (named === null) continue;
    const [, name = '', nameQuote = ''] = named;
    const value = readValue(text, thenValue.lastIndex, { name, nameQuote, index: text.indexOf(name, named.index) });
    result += text.slice(copied, value.start) + value.replacement;
    copied = value.end;
    naming.lastIndex = value.end;
  }
  return copied === 0 ? text : result + text.slice(copied);
}

/** The escape of the quote behind a value belongs to the quote. */
function maskBehindEscapes(value: string): string {
  const end = value.search(/\\*$/);
  return maskSecret(value.slice(0, end)) + value.slice(end);
}
