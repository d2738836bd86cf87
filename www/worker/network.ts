// Groups addresses whose guesses at the password count together.
import ipaddr from "ipaddr.js";

/**
 * Returns the address itself for IPv4, and its /64 for IPv6, because one client usually has a whole
 * /64.
 */
export function networkOf(address?: string) {
  if (!address || !ipaddr.isValid(address)) return "unknown";
  const parsed = ipaddr.process(address);
  if (parsed.kind() === "ipv4") return parsed.toString();
  return ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toNormalizedString()}/64`).toString();
}
