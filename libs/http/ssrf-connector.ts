/**
 * Opens connections to checked addresses only. The check happens where the connection is made: a name is resolved
 * once, its addresses are checked, and the socket goes to one of exactly those. There is no second look-up that a
 * changed answer (DNS rebinding) could reach. The name itself stays what the certificate is verified against.
 */
import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { rootCertificates } from 'node:tls';
import { buildConnector } from 'undici';
import type { AddressPolicy } from './address-policy.ts';

export interface ResolvedAddress {
  address: string;
  family: number;
}
export type Resolve = (hostname: string) => Promise<ResolvedAddress[]>;

/** The policy does not let the connection be made. */
export class BlockedAddressError extends Error {
  override name = 'BlockedAddressError';
  /** The message without name and address. */
  readonly kindOnly: string;

  constructor(hostname: string, address: string, kind: string) {
    const where = hostname === address ? address : `${hostname} (${address})`;
    super(`${where} is not a public address (${kind})`);
    this.kindOnly = `it has no public address (${kind})`;
  }
}

export interface GuardedConnectorOptions {
  policy: AddressPolicy;
  timeoutMs: number;
  certificateAuthorities?: string[] | undefined;
  resolve?: Resolve | undefined;
}

export function guardedConnector(options: GuardedConnectorOptions): buildConnector.connector {
  const { policy, resolve = (hostname) => systemLookup(hostname, { all: true }) } = options;

  /** @throws BlockedAddressError when not one of the name's addresses may be reached. */
  async function allowedAddresses(hostname: string): Promise<[ResolvedAddress, ...ResolvedAddress[]]> {
    const resolved = await resolve(hostname);
    const judged = resolved.map((entry) => ({ entry, blocked: policy.whyBlocked(entry.address) }));
    const [first, ...others] = judged.filter(({ blocked }) => blocked === null).map(({ entry }) => entry);
    if (first !== undefined) return [first, ...others];
    const [reason] = judged;
    if (reason === undefined) throw new Error(`${hostname} has no address`);
    throw new BlockedAddressError(hostname, reason.entry.address, reason.blocked ?? 'unknown');
  }

  async function answerLookup(...[hostname, { all }, callback]: Parameters<LookupFunction>): Promise<void> {
    let addresses;
    try {
      addresses = await allowedAddresses(hostname);
    } catch (error) {
      callback(error instanceof Error ? error : new Error(String(error)), '');
      return;
    }
    if (all === true) callback(null, addresses);
    else callback(null, addresses[0].address, addresses[0].family);
  }

  const connect = buildConnector({
    timeout: options.timeoutMs,
    allowH2: false,
    lookup: (...query) => void answerLookup(...query),
    ...(options.certificateAuthorities === undefined
      ? {}
      : { ca: [...rootCertificates, ...options.certificateAuthorities] }),
  });

  return (target, callback) => {
    const { hostname } = target;
    const literal = isIP(hostname) !== 0;
    // The operating system is not asked about literal addresses, so `lookup` never sees them.
    const blocked = literal ? policy.whyBlocked(hostname) : null;
    if (blocked !== null) {
      callback(new BlockedAddressError(hostname, hostname, blocked), null);
      return;
    }
    // By itself undici would verify the certificate against a `host` header that the rule gives.
    connect({ ...target, servername: literal ? '' : hostname }, (...outcome) => {
      const [error, socket] = outcome;
      // Holds whatever happened on the way here: nothing is written to a peer that the policy does not let through.
      const peer = error === null ? policy.whyBlocked(socket.remoteAddress ?? '') : null;
      if (error !== null || peer === null) {
        callback(...outcome);
        return;
      }
      const refused = new BlockedAddressError(hostname, socket.remoteAddress ?? 'unknown', peer);
      socket.destroy();
      callback(refused, null);
    });
  };
}
