/** The collections `templates` and `endpoints`. */
import { randomUUID } from 'node:crypto';
import { Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import type { Channel, Endpoint, MessageTemplate, WantedTemplate } from '#libs/domain/directory/outbound.ts';
import { optional, required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';
import { storeKey, storeValue } from '../mongo/storable-text.ts';

/** `_id` = channel, code, language and brand. */
const templates = Schema.create(
  {
    _id: required(String),
    code: required(String),
    channel: required<Channel>(String),
    language: optional(String),
    subject: optional(String),
    html: optional(String),
    text: optional(String),
    brand: optional(String),
  },
  schemaOptions,
);
templates.index({ channel: 1, code: 1 });

/** `_id` = name and brand; `headers` is JSON text, since names of headers may hold dots. */
const endpoints = Schema.create(
  {
    _id: required(String),
    name: required(String),
    url: required(String),
    headers: optional(String),
    body: optional(String),
    secret: optional(String),
    brand: optional(String),
    /** At random with each write: by it a reader of what is not secret sees that a secret has changed. */
    drawn: optional(String),
  },
  schemaOptions,
);

type TemplateDocument = InferRawDocTypeFromSchema<typeof templates>;
type EndpointDocument = InferRawDocTypeFromSchema<typeof endpoints>;

export const templateModel = defineModel('templates', templates);
export const endpointModel = defineModel('endpoints', endpoints);

export function templateKey({ channel, code, language, brand }: WantedTemplate): string {
  return storeKey(JSON.stringify([channel, code, language?.toLowerCase() ?? null, brand]));
}

export function endpointKey(name: string, brand: string | null): string {
  return storeKey(JSON.stringify([name, brand]));
}

export function toTemplateDocument(template: MessageTemplate): TemplateDocument {
  const { channel, code, language = null, brand = null } = template;
  return storeValue({ _id: templateKey({ channel, code, language, brand }), ...template });
}

export function toEndpointDocument({ headers, ...endpoint }: Endpoint): EndpointDocument {
  const _id = endpointKey(endpoint.name, endpoint.brand ?? null);
  const document = { _id, drawn: randomUUID(), ...endpoint };
  return storeValue({ ...document, ...(headers !== undefined && { headers: JSON.stringify(headers) }) });
}

export function toEndpoint({ _id, drawn: _drawn, headers, ...endpoint }: EndpointDocument): Endpoint {
  return { ...endpoint, ...(headers !== undefined && { headers: JSON.parse(headers) as Record<string, string> }) };
}
