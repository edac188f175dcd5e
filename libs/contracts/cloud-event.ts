/**
 * The two forms of CloudEvents in Kafka: structured (one JSON document) and binary (attributes in `ce_…` headers, the
 * value is the data).
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md
 */
import type { ProblemList } from '#libs/domain/errors/problem-list.ts';
import type { JsonObject } from '#libs/domain/json/json-object.ts';
import { hasInvalidText, headerText, type IncomingMessage } from './message.ts';

type Headers = IncomingMessage['headers'];

/** A content type that begins so makes a value a whole CloudEvent. */
export const structuredType = 'application/cloudevents';
const attributePrefix = 'ce_';

/** The form that the headers state; null where they state none. */
export function cloudEventMode(headers: Headers): 'structured' | 'binary' | null {
  if (isStructuredType(contentType(headers))) return 'structured';
  return headerText(headers, `${attributePrefix}specversion`) === null ? null : 'binary';
}

export function isStructuredType(contentType: string): boolean {
  return contentType.trim().toLowerCase().startsWith(structuredType);
}

/** In lower case; empty where there is none. */
export function contentType(headers: Headers): string {
  return (headerText(headers, 'content-type') ?? '').trim().toLowerCase();
}

/** Attributes of a binary CloudEvent, without their prefix. */
export function readAttributes(headers: Headers, problems: ProblemList): JsonObject {
  const names = Object.keys(headers ?? {}).filter((name) => name.startsWith(attributePrefix));
  return Object.fromEntries(
    names.map((name) => {
      const attribute = name.slice(attributePrefix.length);
      const text = headerText(headers, name) ?? undefined;
      if (hasInvalidText(headers, name)) problems.add(attribute, 'wrong_value', `the header ${name} is not UTF-8`);
      return [attribute, text];
    }),
  );
}
