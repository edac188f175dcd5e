/** The collections `templates` and `endpoints`. */
import { Schema, type Connection, type Model } from 'mongoose';
import type { Endpoint, MessageTemplate, WantedTemplate } from '#libs/domain/directory/outbound.ts';
import { buildModel, schemaOptions } from '../mongo/model.ts';
import { storeKey, storeValue } from '../mongo/storable-text.ts';

/** `_id` = channel, code, language and brand. */
export type TemplateDocument = MessageTemplate & { _id: string };

/** `_id` = name and brand; `headers` is JSON text, since names of headers may hold dots. */
export type EndpointDocument = Omit<Endpoint, 'headers'> & { _id: string; headers?: string };

const text = { type: String };
const required = { type: String, required: true };

const templates = new Schema<TemplateDocument>(
  { _id: required, code: required, channel: required, language: text, subject: text, html: text, text, brand: text },
  schemaOptions,
);
templates.index({ channel: 1, code: 1 });

const endpoints = new Schema<EndpointDocument>(
  { _id: required, name: required, url: required, headers: text, body: text, secret: text, brand: text },
  schemaOptions,
);

export function templateModel(connection: Connection): Model<TemplateDocument> {
  return buildModel(connection, 'templates', templates);
}

export function endpointModel(connection: Connection): Model<EndpointDocument> {
  return buildModel(connection, 'endpoints', endpoints);
}

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
  const document = { _id: endpointKey(endpoint.name, endpoint.brand ?? null), ...endpoint };
  return storeValue({ ...document, ...(headers !== undefined && { headers: JSON.stringify(headers) }) });
}

export function toEndpoint({ _id, headers, ...endpoint }: EndpointDocument): Endpoint {
  return { ...endpoint, ...(headers !== undefined && { headers: JSON.parse(headers) as Record<string, string> }) };
}
