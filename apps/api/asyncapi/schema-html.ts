/** A JSON Schema in words and tables, for the page of the topics. */
import { noControls } from '#libs/contracts/member.schema.ts';
import type { JsonSchema } from '#libs/domain/validation/rule-json-schema.ts';
import { html, joined, prose, type Html, type HtmlPart } from './html.ts';

const schemaFolder = '#/components/schemas/';
const typeNames: Record<string, string> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  null: 'null',
  object: 'object',
};

/** Patterns that are clearer in words. */
const patternWords = new Map([[noControls, 'no control characters']]);

/** A link to the part of the page that shows the component. */
export function schemaLink({ $ref }: { $ref: string }): Html {
  const name = $ref.slice(schemaFolder.length);
  return html`<a href="#schema-${name}">${name}</a>`;
}

/** What a component is: its words, its members, and what holds under conditions only. */
export function schemaHtml(schema: JsonSchema, caption: string): Html {
  const { properties, description } = schema as { properties?: object; description?: string };
  const words = description === undefined ? '' : html`<p>${prose(description)}</p>`;
  const shape = properties === undefined ? html`<p>${typeOf(schema)}</p>` : table(schema, caption);
  return html`${words}${shape}${conditions(schema)}`;
}

function table(schema: JsonSchema, caption: string): Html {
  const { properties = {}, required = [] } = schema as { properties?: Record<string, JsonSchema>; required?: string[] };
  const rows = Object.entries(properties).map(
    ([name, member]) =>
      html`<tr>
        <th scope="row"><code>${name}</code></th>
        <td>${typeOf(member)}</td>
        <td>${required.includes(name) ? 'yes' : 'no'}</td>
        <td>${prose(String(member['description'] ?? ''))}</td>
      </tr>`,
  );
  return html`<table>
    <caption>
      ${caption}
    </caption>
    <thead>
      <tr>
        <th scope="col">Member</th>
        <th scope="col">Type</th>
        <th scope="col">Required</th>
        <th scope="col">Meaning</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

function conditions(schema: JsonSchema): HtmlPart {
  const parts = (schema['allOf'] ?? []) as { if?: JsonSchema; then: JsonSchema }[];
  const lines = parts.flatMap((one) =>
    one.if === undefined ? [] : [html`<li>Where ${statement(one.if)}, ${statement(one.then)}.</li>`],
  );
  if (lines.length === 0) return '';
  return html`<ul>
    ${lines}
  </ul>`;
}

function statement(schema: JsonSchema): HtmlPart {
  const members = membersOf(schema, ' is ');
  return members.length === 0 ? html`it is ${typeOf(schema)}` : joined(members, ' and ');
}

/** In one line. */
function typeOf(schema: JsonSchema): HtmlPart {
  if (typeof schema['$ref'] === 'string') return schemaLink(schema as { $ref: string });
  // What has words of its own refers to its component so.
  const [only, more] = (schema['allOf'] ?? []) as JsonSchema[];
  if (only?.['$ref'] !== undefined && more === undefined) return typeOf(only);
  if ('const' in schema) return code(schema['const']);
  if (Array.isArray(schema['enum'])) return joined(schema['enum'].map(code), ', ');
  if (Array.isArray(schema['anyOf'])) return joined((schema['anyOf'] as JsonSchema[]).map(typeOf), ' or ');
  if (schema['type'] === 'array') return html`list of ${typeOf(schema['items'] as JsonSchema)}${limitsOf(schema)}`;
  const members = membersOf(schema, ': ');
  if (members.length > 0) return html`object (${joined(members, ', ')})`;
  if (schema['not'] !== undefined && schema['type'] === undefined) return 'absent';
  const types = [schema['type'] ?? []].flat().map((type) => typeNames[String(type)] ?? String(type));
  return html`${types.length === 0 ? 'anything' : types.join(' or ')}${limitsOf(schema)}`;
}

function membersOf(schema: JsonSchema, verb: string): Html[] {
  const { properties = {} } = schema as { properties?: Record<string, JsonSchema> };
  return Object.entries(properties).map(([name, member]) => html`<code>${name}</code>${verb}${typeOf(member)}`);
}

function limitsOf(schema: JsonSchema): HtmlPart {
  const { minimum, maximum, minLength, maxLength, maxItems, pattern, format, not } = schema as {
    [name in 'minimum' | 'maximum' | 'minLength' | 'maxLength' | 'maxItems']?: number;
  } & { pattern?: string; format?: string; not?: JsonSchema };
  const said: HtmlPart[] = [
    ...(minimum === undefined || minimum === Number.MIN_SAFE_INTEGER ? [] : [`at least ${minimum}`]),
    ...(maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? [] : [`at most ${maximum}`]),
    ...(minLength === undefined ? [] : [minLength === 1 ? 'not empty' : `at least ${minLength} characters`]),
    ...(maxLength === undefined ? [] : [`at most ${maxLength} characters`]),
    ...(maxItems === undefined ? [] : [`at most ${maxItems} entries`]),
    ...(format === undefined ? [] : [format]),
    ...(pattern === undefined ? [] : [patternWords.get(pattern) ?? html`like <code>${pattern}</code>`]),
    ...(not === undefined ? [] : [html`not ${'pattern' in not ? typeOf({ ...not, type: 'string' }) : typeOf(not)}`]),
  ];
  return said.length === 0 ? '' : html` (${joined(said, ', ')})`;
}

function code(value: unknown): Html {
  return html`<code>${JSON.stringify(value)}</code>`;
}
