// Groups addresses whose guesses at the password count together.
import ipaddr from "ipaddr.js";

/**
 * The address itself for IPv4; for IPv6 its /64, since whoever has one address there has all of them.
 *
 * @param {string} [address]
 */
export function networkOf(address) {
  if (!address || !ipaddr.isValid(address)) return "unknown";
  const parsed = ipaddr.process(address);
  if (parsed.kind() === "ipv4") return parsed.toString();
  return ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toNormalizedString()}/64`).toString();
}
