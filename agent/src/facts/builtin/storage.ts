import type { Facts } from '../value.ts';
import { humanBytes, usage } from './sizes.ts';
import type { System } from './system.ts';

/** Filesystems whose server may not answer: asking for their size could block for ever, so they are listed without it. */
const remote = /^(nfs|cifs|smb|fuse|9p|ceph|glusterfs|afs|lustre|gpfs|ocfs|davfs)/;

/** Filesystems that hold no files of anybody. */
const hidden =
  /^(proc|sysfs|cgroup2?|devpts|securityfs|debugfs|tracefs|bpf|pstore|efivarfs|mqueue|hugetlbfs|configfs|fusectl|binfmt_misc|rpc_pipefs|autofs|nsfs|squashfs)$/;

const unescape = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));

async function mountpoint(system: System, line: string): Promise<[string, Facts] | undefined> {
  const [device = '', escapedPath = '', filesystem = '', options = ''] = line.split(' ');
  if (escapedPath === '' || hidden.test(filesystem)) return undefined;
  const path = unescape(escapedPath);
  const known = { device: unescape(device), filesystem, options: options.split(',') };
  const space = remote.test(filesystem) ? undefined : await system.space(path);
  if (space === undefined) return [path, known];
  const { sizeBytes, freeBytes, availableBytes } = space;
  return [
    path,
    { ...known, size: humanBytes(sizeBytes), size_bytes: sizeBytes, ...usage(sizeBytes - freeBytes, availableBytes) },
  ];
}

/** `mountpoints`, keyed by path, and `filesystems`, the kernel's own. */
export async function mountpointFacts(system: System): Promise<Facts> {
  const lines = ((await system.read('/proc/mounts')) ?? '').split('\n');
  const mounted = await Promise.all(lines.map((line) => mountpoint(system, line)));
  const filesystems = ((await system.read('/proc/filesystems')) ?? '')
    .split('\n')
    .flatMap((line) =>
      line.startsWith('nodev') || line.trim() === 'fuseblk' || line.trim() === '' ? [] : [line.trim()],
    )
    .sort();
  return {
    mountpoints: Object.fromEntries(mounted.filter((entry) => entry !== undefined)),
    filesystems: filesystems.join(','),
  };
}

const sectorBytes = 512;

/** `disks`: block devices that are backed by hardware, keyed by name. */
export async function diskFacts(system: System): Promise<Facts> {
  const entries = await Promise.all(
    (await system.list('/sys/block')).map(async (name): Promise<[string, Facts] | undefined> => {
      const folder = `/sys/block/${name}`;
      if ((await system.list(`${folder}/device`)).length === 0) return undefined;
      const sizeBytes = Number((await system.read(`${folder}/size`)) ?? 0) * sectorBytes;
      const rotational = await system.read(`${folder}/queue/rotational`);
      const [model, vendor, serial] = await Promise.all(
        ['model', 'vendor', 'serial'].map((file) => system.read(`${folder}/device/${file}`)),
      );
      return [
        name,
        {
          size: humanBytes(sizeBytes),
          size_bytes: sizeBytes,
          ...(model === undefined ? {} : { model }),
          ...(vendor === undefined ? {} : { vendor }),
          ...(serial === undefined ? {} : { serial }),
          ...(rotational === undefined ? {} : { type: rotational === '1' ? 'hdd' : 'ssd' }),
        },
      ];
    }),
  );
  const disks = Object.fromEntries(entries.filter((entry) => entry !== undefined));
  return Object.keys(disks).length > 0 ? { disks } : {};
}
