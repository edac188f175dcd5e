/**
 * Which addresses a call may reach. Rules are written by people who may not see the inside of the network, so only
 * addresses that are public on the Internet are open, plus the networks an operator has allowed.
 *
 * Ranges follow the IANA special-purpose address registries (RFC 6890 and its successors).
 */
import ipaddr from 'ipaddr.js';
import { PermanentError } from '#libs/domain/errors/errors.ts';

export interface AddressPolicy {
  /** @returns null when the address may be reached, else what kind of address it is, e.g. `loopback`. */
  whyBlocked(address: string): string | null;
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

const globalUnicastV6: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3];
/** The only prefix whose embedded IPv4 address is reached through a public translator (RFC 6052, DNS64). */
const translatedV6: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('64:ff9b::'), 96];
/** Public by registry, but answered inside every Azure network. */
const azurePlatform = '168.63.129.16';

/** @throws PermanentError `invalid_network` */
export function createAddressPolicy(allowedNetworks: string[]): AddressPolicy {
  const allowed = allowedNetworks.map(parseNetwork);
  return {
    whyBlocked(text) {
      const address = parseAddress(text);
      if (address === null) return 'not an IP address';
      const forms = [address, embedded(address)].filter((form) => form !== null);
      if (forms.some((form) => allowed.some((network) => contains(network, form)))) return null;
      const judged = forms[forms.length - 1] ?? address;
      return isPublic(judged) ? null : judged.range() === 'unicast' ? 'reserved' : judged.range();
    },
  };
}

function parseNetwork(cidr: string): [Address, number] {
  if (!ipaddr.isValidCIDR(cidr)) {
    throw new PermanentError(
      'invalid_network',
      `${cidr} is not a network: expected a range like 10.1.0.0/16 or fd00::/8`,
    );
  }
  return ipaddr.parseCIDR(cidr);
}

/** A zone (`fe80::1%eth0`) says through which interface, not to whom: it is left out. */
function parseAddress(text: string): Address | null {
  const [bare = ''] = text.split('%');
  return ipaddr.isValid(bare) ? ipaddr.parse(bare) : null;
}

/** The IPv4 address that is really reached through an IPv6 one, or null. */
function embedded(address: Address): ipaddr.IPv4 | null {
  if (!(address instanceof ipaddr.IPv6)) return null;
  if (!address.isIPv4MappedAddress() && !address.match(translatedV6)) return null;
  return new ipaddr.IPv4(address.toByteArray().slice(-4));
}

function contains(network: [Address, number], address: Address): boolean {
  return network[0].kind() === address.kind() && address.match(network);
}

function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv6 ? address.match(globalUnicastV6) : address.toString() !== azurePlatform;
}
