import type { Facts } from '../value.ts';
import type { System } from './system.ts';

/** What the firmware says of itself, and the hypervisor that it belongs to, in Facter's words. */
const firmwares: readonly (readonly [RegExp, string])[] = [
  [/vmware/i, 'vmware'],
  [/virtualbox|innotek/i, 'virtualbox'],
  [/parallels/i, 'parallels'],
  [/microsoft corporation.*virtual machine/is, 'hyperv'],
  [/google/i, 'gce'],
  [/openstack/i, 'openstack'],
  [/xen|hvm domu/i, 'xenhvm'],
  [/rhev/i, 'rhev'],
  [/ovirt/i, 'ovirt'],
  [/bhyve/i, 'bhyve'],
  [/amazon ec2|kvm|qemu|bochs|firecracker/i, 'kvm'],
];

async function container(system: System): Promise<string | undefined> {
  const [root, run] = await Promise.all([system.list('/'), system.list('/run')]);
  if (run.includes('.containerenv')) return 'podman';
  if (root.includes('.dockerenv')) return 'docker';
  const environment = (await system.read('/proc/1/environ'))?.split('\0') ?? [];
  const named = environment.find((entry) => entry.startsWith('container='))?.slice('container='.length);
  if (named !== undefined && named !== '') return named === 'systemd-nspawn' ? 'systemd_nspawn' : named;
  const groups = (await system.read('/proc/1/cgroup')) ?? '';
  if (/\/(docker|kubepods)/.test(groups)) return 'docker';
  return groups.includes('/lxc') ? 'lxc' : undefined;
}

async function hypervisor(system: System): Promise<string | undefined> {
  const files = ['sys_vendor', 'product_name', 'bios_vendor', 'bios_version', 'board_vendor'];
  const texts = await Promise.all(files.map((file) => system.read(`/sys/class/dmi/id/${file}`)));
  const firmware = texts.join('\n');
  const named = firmwares.find(([pattern]) => pattern.test(firmware))?.[1];
  if (named !== undefined) return named;
  if ((await system.read('/sys/hypervisor/type')) === 'xen') return 'xenu';
  // The processor tells a guest that it is one, though not whose.
  return /^flags\s*:.*\bhypervisor\b/m.test((await system.read('/proc/cpuinfo')) ?? '') ? 'unknown' : undefined;
}

/** `virtual` (`physical` on bare metal, `unknown` in a guest of something that hides its name) and `is_virtual`. */
export async function virtualFacts(system: System): Promise<Facts> {
  const found = (await container(system)) ?? (await hypervisor(system));
  return { virtual: found ?? 'physical', is_virtual: found !== undefined };
}
