/** Where a subscription may be sent to. What is refused here would fail on each attempt, whose connections are guarded too. */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { AddressPolicy } from '#libs/http/address-policy.ts';

export interface UrlCheckOptions {
  policy: AddressPolicy;
  /** Whether addresses without TLS are open. */
  allowsHttp: boolean;
  /** How a name becomes addresses; the operating system's resolver by default. */
  resolve?: (hostname: string) => Promise<{ address: string }[]>;
  /** How long the resolver may take, in milliseconds. */
  resolveMs?: number;
}

/** @returns what is wrong with it, or null */
export type CheckUrl = (url: string) => Promise<string | null>;

export function createUrlCheck(options: UrlCheckOptions): CheckUrl {
  return async (text) => {
    const issue = checkForm(text, options.allowsHttp);
    if (issue !== null) return issue;
    const hostname = new URL(text).hostname.replace(/^\[(.*)\]$/, '$1');
    const addresses = isIP(hostname) === 0 ? await addressesOf(hostname, options) : [hostname];
    const blocked = addresses.map((address) => options.policy.whyBlocked(address));
    const [kind] = blocked;
    // One that may be reached is enough, as it is when a connection is made. A name without any may have some later.
    if (kind === undefined || blocked.includes(null)) return null;
    return `leads to no public address (${kind}); networks that are open beside those stand in WEBHOOK_ALLOWED_NETWORKS`;
  };
}

function checkForm(text: string, allowsHttp: boolean): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  const form = allowsHttp ? 'http:// or https://' : 'https://';
  if (url === null || !(url.protocol === 'https:' || (allowsHttp && url.protocol === 'http:')))
    return `must be a complete address that begins with ${form}, such as https://example.com/hook`;
  if (/\s/.test(text)) return 'must not hold blanks';
  if (url.username !== '' || url.password !== '')
    return 'must not hold a user or password: requests are signed by the secret';
  return text.includes('#') ? 'must not have a fragment (#): it is never sent' : null;
}

/** None when the resolver fails or takes too long: each attempt asks it again. */
async function addressesOf(hostname: string, { resolve = resolveAll, resolveMs = 3_000 }: UrlCheckOptions) {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<{ address: string }[]>((done) => (timer = setTimeout(done, resolveMs, [])));
  try {
    const found = await Promise.race([resolve(hostname), late]);
    return found.map(({ address }) => address);
  } catch {
    return [];
  } finally {
    clearTimeout(timer);
  }
}

function resolveAll(hostname: string): Promise<{ address: string }[]> {
  return lookup(hostname, { all: true });
}
