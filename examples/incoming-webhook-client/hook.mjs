/** Posts operations to an incoming webhook application of signalbox. It needs Node 20 or later and nothing else. */

export class HookError extends Error {
  constructor(status, { code, message }) {
    super(`${code}: ${message}`);
    this.name = 'HookError';
    this.status = status;
    this.code = code;
  }
}

/**
 * @param url with the token, which makes it a secret: keep it out of logs, and out of pages and apps
 * @param operation such as `createRequest`
 * @param input its properties
 * @returns the members of the answer
 * @throws HookError when signalbox has refused it; another error when it gave no answer
 */
export async function postOperation(url, operation, input) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ operation, args: { input } }),
    // A redirect would carry the operation, and perhaps a file, to somebody else.
    redirect: 'error',
    signal: AbortSignal.timeout(30_000),
  });
  const answer = await response.json();
  if (response.ok) return answer;
  throw new HookError(response.status, answer.error);
}
