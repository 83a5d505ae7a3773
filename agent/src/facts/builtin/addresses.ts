import { isIPv6 } from 'node:net';

const ipv4Bytes = (text: string): readonly number[] => text.split('.').map(Number);

/** The eight groups of an IPv6 address without zone; an IPv4 tail counts as two. */
function ipv6Groups(text: string): readonly number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  const plain =
    dotted === null
      ? text
      : `${dotted[1] ?? ''}${((Number(dotted[2]) << 8) | Number(dotted[3])).toString(16)}:${((Number(dotted[4]) << 8) | Number(dotted[5])).toString(16)}`;
  const [head = '', tail] = plain.split('::');
  const groupsOf = (half: string): number[] => (half === '' ? [] : half.split(':').map((group) => parseInt(group, 16)));
  const before = groupsOf(head);
  if (tail === undefined) return before;
  const after = groupsOf(tail);
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}

/** The shortest spelling of an IPv6 address, as URLs have it. */
const shortest = (groups: readonly number[]): string =>
  new URL(`http://[${groups.map((group) => group.toString(16)).join(':')}]`).hostname.slice(1, -1);

/** The network that an address with its mask is in. */
export function networkOf(address: string, netmask: string): string {
  if (isIPv6(address)) {
    const mask = ipv6Groups(netmask);
    return shortest(ipv6Groups(address).map((group, index) => group & (mask[index] ?? 0)));
  }
  const mask = ipv4Bytes(netmask);
  return ipv4Bytes(address)
    .map((byte, index) => byte & (mask[index] ?? 0))
    .join('.');
}

/** How far an IPv6 address reaches, in Facter's words. */
export function scopeOf(address: string): string {
  if (address === '::1') return 'host';
  const [first = 0] = ipv6Groups(address);
  if ((first & 0xffc0) === 0xfe80) return 'link';
  if ((first & 0xffc0) === 0xfec0) return 'site';
  return 'global';
}
