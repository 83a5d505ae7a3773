import type { NetworkInterfaceInfo } from 'node:os';
import { isFactMap, type Facts } from '../value.ts';
import { networkOf, scopeOf } from './addresses.ts';
import type { System } from './system.ts';

const noMac = '00:00:00:00:00:00';

function bindingsOf(addresses: readonly NetworkInterfaceInfo[]): { bindings: Facts[]; bindings6: Facts[] } {
  const bindings: Facts[] = [];
  const bindings6: Facts[] = [];
  for (const { family, address, netmask } of addresses) {
    const binding = { address, netmask, network: networkOf(address, netmask) };
    if (family === 'IPv4') bindings.push(binding);
    else bindings6.push({ ...binding, scope6: scopeOf(address) });
  }
  return { bindings, bindings6 };
}

async function interfaceFacts(
  system: System,
  name: string,
  addresses: readonly NetworkInterfaceInfo[],
): Promise<Facts> {
  const mac = await system.read(`/sys/class/net/${name}/address`);
  const mtu = Number((await system.read(`/sys/class/net/${name}/mtu`)) ?? 0);
  const state = await system.read(`/sys/class/net/${name}/operstate`);
  const { bindings, bindings6 } = bindingsOf(addresses);
  const [ipv4] = bindings;
  // The address that others can reach goes first; a link-local one only where there is no other.
  const ipv6 = bindings6.find((binding) => binding['scope6'] !== 'link') ?? bindings6[0];
  return {
    ...(mac === undefined || mac === noMac || mac === '' ? {} : { mac }),
    ...(mtu > 0 ? { mtu } : {}),
    ...(state === undefined ? {} : { operational_state: state }),
    ...(ipv4 === undefined
      ? {}
      : { ip: ipv4['address'] ?? '', netmask: ipv4['netmask'] ?? '', network: ipv4['network'] ?? '', bindings }),
    ...(ipv6 === undefined
      ? {}
      : {
          ip6: ipv6['address'] ?? '',
          netmask6: ipv6['netmask'] ?? '',
          network6: ipv6['network'] ?? '',
          scope6: ipv6['scope6'] ?? '',
          bindings6,
        }),
  };
}

/** The interface of the default route; else the first that is not the loopback and has an address. */
async function primaryInterface(system: System, interfaces: Facts): Promise<string | undefined> {
  const routes = ((await system.read('/proc/net/route')) ?? '').split('\n').map((line) => line.split('\t'));
  const routed = routes.find(
    ([, destination, , , , , , mask]) => destination === '00000000' && mask === '00000000',
  )?.[0];
  if (routed !== undefined && Object.hasOwn(interfaces, routed)) return routed;
  return Object.entries(interfaces).find(
    ([name, facts]) => name !== 'lo' && isFactMap(facts) && ('ip' in facts || 'ip6' in facts),
  )?.[0];
}

async function domainOf(system: System): Promise<string | undefined> {
  const resolver = (await system.read('/etc/resolv.conf')) ?? '';
  const named = /^\s*domain\s+(\S+)/m.exec(resolver) ?? /^\s*search\s+(\S+)/m.exec(resolver);
  return named?.[1]?.replace(/\.$/, '');
}

const shared = ['ip', 'ip6', 'mac', 'mtu', 'netmask', 'netmask6', 'network', 'network6', 'scope6'] as const;

/** `networking`: names, every interface with its bindings, and those of the primary interface at the top. */
export async function networkingFacts(system: System): Promise<Facts> {
  const addressed = system.interfaces();
  const names = [...new Set([...(await system.list('/sys/class/net')), ...Object.keys(addressed)])].sort();
  const interfaces: Facts = Object.fromEntries(
    await Promise.all(
      names.map(async (name) => [name, await interfaceFacts(system, name, addressed[name] ?? [])] as const),
    ),
  );
  const primary = await primaryInterface(system, interfaces);
  const top = primary === undefined ? undefined : interfaces[primary];
  const [hostname = '', ...labels] = system.hostname.split('.');
  const domain = labels.length > 0 ? labels.join('.') : await domainOf(system);
  return {
    networking: {
      hostname,
      fqdn: domain === undefined ? hostname : `${hostname}.${domain}`,
      ...(domain === undefined ? {} : { domain }),
      interfaces,
      ...(primary === undefined ? {} : { primary }),
      ...Object.fromEntries(
        shared.flatMap((name) => (isFactMap(top) && name in top ? [[name, top[name] ?? null]] : [])),
      ),
    },
  };
}
