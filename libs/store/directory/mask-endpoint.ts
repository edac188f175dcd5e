import type { Endpoint } from '#libs/domain/directory/outbound.ts';

const hidden = '***';

/**
 * An endpoint as lists show it. Of its URL only the host: with a chat's webhook, path and query are the secret.
 */
export function maskEndpoint({ url, headers, secret, ...rest }: Endpoint): Endpoint {
  const { origin, pathname, search } = new URL(url);
  return {
    ...rest,
    url: pathname === '/' && search === '' ? origin : `${origin}/${hidden}`,
    ...(headers !== undefined && { headers: Object.fromEntries(Object.keys(headers).map((name) => [name, hidden])) }),
    ...(secret !== undefined && { secret: hidden }),
  };
}
