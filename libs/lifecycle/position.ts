/**
 * Where a reader of lifecycle events stands: what to read next of each partition of the topic. As text it is the id of
 * the topic and one offset for each partition, joined by dots: `pJ3kxO0jS5q7m1d2c3b4aA.120.98.143`.
 */
import { InvalidInputError } from '#libs/domain/errors/errors.ts';

export interface Position {
  /** Kafka's own id of the topic; empty where the broker has none. */
  topicId: string;
  /** Offsets by partition. */
  next: number[];
}

const form = /^([A-Za-z0-9_-]{1,64})((?:\.\d{1,15}){1,1000})$/;
const noId = '-';

export function formatPosition({ topicId, next }: Position): string {
  return [topicId === '' ? noId : topicId, ...next].join('.');
}

/** @throws InvalidInputError for anything that `formatPosition` did not make */
export function parsePosition(text: string, path: string): Position {
  const [, id, offsets] = form.exec(text) ?? [];
  if (id === undefined || offsets === undefined) {
    const message = 'must be a position that this service gave, such as the id of an event of the stream';
    throw new InvalidInputError(`${path} ${message}.`, [{ path, code: 'invalid_cursor', message }]);
  }
  return { topicId: id === noId ? '' : id, next: offsets.slice(1).split('.').map(Number) };
}
