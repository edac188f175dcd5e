/** Keeps secrets of an endpoint that its writer has not seen and does not give anew. */
import type { EndpointDraft } from '#libs/contracts/outbound.schema.ts';
import { InvalidInputError, type Problem } from '#libs/domain/errors/errors.ts';
import type { Endpoint } from '#libs/domain/directory/outbound.ts';

/** @throws InvalidInputError where there is nothing to keep, or a header would go to another host than it was given for */
export function withKeptSecrets(draft: EndpointDraft, stored: Endpoint | null): Endpoint {
  const { url = stored?.url, headers: given, secret: newSecret, ...rest } = draft;
  const headers = given === undefined ? stored?.headers : keepHeaders(given, stored);
  const secret = newSecret === undefined ? stored?.secret : newSecret;
  if (url === undefined) throw wrong([{ path: 'url', code: 'required', message: 'is missing' }]);
  const isMoved = stored !== null && new URL(url).origin !== new URL(stored.url).origin;
  const kept = Object.keys(headers ?? {}).filter((name) => isKept(given, name));
  if (isMoved && kept.length > 0) throw wrong(kept.map(moved));
  return {
    ...rest,
    url,
    ...(headers !== undefined && Object.keys(headers).length > 0 && { headers }),
    ...(secret != null && { secret }),
  };
}

function isKept(given: EndpointDraft['headers'], name: string): boolean {
  return given === undefined || given[name] === null;
}

function keepHeaders(given: Record<string, string | null>, stored: Endpoint | null): Record<string, string> {
  const problems: Problem[] = [];
  const headers = Object.entries(given).map(([name, value]) => {
    const before = stored?.headers;
    const old = before !== undefined && Object.hasOwn(before, name) ? before[name] : undefined;
    if (value === null && old === undefined) {
      problems.push({ path: `headers.${name}`, code: 'required', message: 'has no value to keep: give one' });
    }
    return [name, value ?? old ?? ''] as const;
  });
  if (problems.length > 0) throw wrong(problems);
  return Object.fromEntries(headers);
}

function moved(name: string): Problem {
  const message = 'was given for another host: give its value again, or leave the header out';
  return { path: `headers.${name}`, code: 'secret_moved', message };
}

function wrong(problems: Problem[]): InvalidInputError {
  return new InvalidInputError('The endpoint is wrong; see details.', problems);
}
