/** Holds messages against the published description of the topics. */
import { Ajv, type ValidateFunction } from 'ajv';
import type { AsyncApiDocument, Reference } from '../../apps/api/asyncapi/document.ts';

type Document = Pick<AsyncApiDocument, 'channels' | 'components'>;

/** RFC 3339 as the lifecycle's times are written. */
const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @returns the names of the messages of a topic that headers and payload fit; none: they are not described */
export function contractCheck(document: Document): (topic: string, headers: object, payload: unknown) => string[] {
  const matches = schemaCheck(document);
  const channels = Object.values(document.channels);
  return (topic, headers, payload) => {
    const { messages } = channels.find(({ address }) => address === topic)!;
    return Object.keys(messages).filter((name) => {
      const described = document.components.messages[name]!;
      const { headers: ofHeaders } = described;
      return matches(described.payload, payload) && (ofHeaders === undefined || matches(ofHeaders, headers));
    });
  };
}

/** @returns whether a value is as the schema says that a reference names */
export function schemaCheck({ components }: Document): (schema: Reference, value: unknown) => boolean {
  const ajv = new Ajv({ strict: false, formats: { 'date-time': dateTime, uuid } });
  ajv.addSchema({ $id: 'document', components });
  const compiled = new Map<string, ValidateFunction>();
  return ({ $ref }, value) => {
    const check = compiled.get($ref) ?? ajv.compile({ $ref: `document${$ref}` });
    compiled.set($ref, check);
    return check(value);
  };
}
