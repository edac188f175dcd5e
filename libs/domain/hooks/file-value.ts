/** `fileValue`: the properties of a file, and either its content or where the server finds it. */
import { isJsonObject } from '../json/json-object.ts';
import { isStorableText } from '../values/storable-text.ts';
import { base64Length, decodeBase64 } from './base64.ts';
import { toUtc } from './data-values.ts';
import type { Fail } from './parameter-problems.ts';

export interface FileDraft {
  /** Null: none was given; only where it lies at an address, which ends in one. */
  name: string | null;
  contentType: string;
  description: string | null;
  updatedAt: string | null;
  /** Bytes, as the sender states them; null: nothing was stated. */
  size: number | null;
  source: { content: Uint8Array } | { url: string };
}

const limits = { name: 255, contentType: 255, description: 2000, url: 4096 } as const;
const members = ['content', 'contentType', 'description', 'name', 'size', 'updatedAt', 'upload', 'url'];

/** No path, no line, and nothing that lets its end be read as its beginning. */
const fileName = /^(?!\.{1,2}$)[^/\\\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]+$/u;
/** RFC 9110, section 8.3.1. */
const mediaType =
  /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+(?:[ \t]*;[ \t]*[\w!#$%&'*+.^`|~-]+=(?:[\w!#$%&'*+.^`|~-]+|"[ !#-[\]-~]*"))*$/;

export function isFileName(name: string): boolean {
  return name.length <= limits.name && fileName.test(name);
}

/** @returns null when anything is wrong, which `fail` was told */
export function readFileValue(value: unknown, maxBytes: number, fail: Fail): FileDraft | null {
  if (!isJsonObject(value)) {
    fail('', 'invalid_input', 'must have an object as fileValue');
    return null;
  }
  return new FileValueReader(value, maxBytes, fail).read();
}

class FileValueReader {
  readonly #value: Record<string, unknown>;
  readonly #maxBytes: number;
  readonly #fail: Fail;
  #isRight = true;

  constructor(value: Record<string, unknown>, maxBytes: number, fail: Fail) {
    this.#value = value;
    this.#maxBytes = maxBytes;
    this.#fail = (...problem) => {
      this.#isRight = false;
      fail(...problem);
    };
  }

  read(): FileDraft | null {
    if (Object.keys(this.#value).some((name) => !members.includes(name))) {
      this.#fail('', 'invalid_input', `must have no members in fileValue but ${members.join(', ')}`);
    }
    if (this.#given('upload') !== undefined) {
      this.#fail('.upload', 'invalid_parameter', 'has an upload, which JSON cannot hold: give content or url');
    }
    const size = this.#size();
    const properties = {
      name: this.#text('name', isFileName, `a file name of at most ${limits.name} characters, which is no path`),
      contentType: this.#text('contentType', isMediaType, 'a media type') ?? 'application/octet-stream',
      description: this.#text('description', isDescription, `a text of at most ${limits.description} characters`),
      updatedAt: this.#updatedAt(),
      size,
    };
    const source = this.#source(size);
    return source !== null && this.#isRight ? { ...properties, source } : null;
  }

  /** A member that is null is as good as none: there are callers that write all of them. */
  #given(member: string): unknown {
    return Object.hasOwn(this.#value, member) ? (this.#value[member] ?? undefined) : undefined;
  }

  #text(member: string, isRight: (text: string) => boolean, expected: string): string | null {
    const value = this.#given(member);
    if (value === undefined) return null;
    if (typeof value === 'string' && isRight(value)) return value;
    this.#fail(`.${member}`, 'invalid_input', `must have ${expected} as ${member}`);
    return null;
  }

  #size(): number | null {
    const value = this.#given('size');
    if (value === undefined) return null;
    if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
    this.#fail('.size', 'invalid_input', 'must have a whole number of bytes as size');
    return null;
  }

  #updatedAt(): string | null {
    const text = this.#text('updatedAt', (value) => toUtc(value) !== null, 'an ISO 8601 time');
    return text === null ? null : toUtc(text);
  }

  #source(size: number | null): FileDraft['source'] | null {
    const [content, url] = [this.#given('content'), this.#given('url')];
    if ((content === undefined) === (url === undefined)) {
      // An upload was the third one.
      if (this.#given('upload') === undefined)
        this.#fail('', 'invalid_input', 'must have exactly one of content and url');
      return null;
    }
    return url === undefined ? this.#content(content, size) : this.#url(url);
  }

  #content(text: unknown, size: number | null): FileDraft['source'] | null {
    const tooLarge = `must hold at most ${this.#maxBytes} bytes (HOOKS_MAX_FILE_BYTES)`;
    if (this.#given('name') === undefined) this.#fail('.name', 'invalid_input', 'must have a name beside its content');
    if (typeof text === 'string' && text.length > base64Length(this.#maxBytes)) {
      this.#fail('.content', 'invalid_parameter', tooLarge);
      return null;
    }
    const content = typeof text === 'string' ? decodeBase64(text) : null;
    if (content === null) {
      const expected = 'must have Base64 as content, with its padding and nothing else (RFC 4648, section 4)';
      this.#fail('.content', 'invalid_input', expected);
      return null;
    }
    if (content.length > this.#maxBytes) this.#fail('.content', 'invalid_parameter', tooLarge);
    if (size !== null && size !== content.length) {
      this.#fail('.size', 'invalid_parameter', `must have a size of ${content.length}, which its content has`);
    }
    return { content };
  }

  #url(url: unknown): FileDraft['source'] | null {
    if (typeof url !== 'string' || url.length > limits.url) {
      this.#fail('.url', 'invalid_input', `must have a text of at most ${limits.url} characters as url`);
      return null;
    }
    if (url.startsWith('file://')) return { url };
    this.#fail('.url', 'invalid_parameter', 'must have a url that begins with file://');
    return null;
  }
}

function isMediaType(text: string): boolean {
  return text.length <= limits.contentType && mediaType.test(text);
}

function isDescription(text: string): boolean {
  return text.length <= limits.description && isStorableText(text);
}
