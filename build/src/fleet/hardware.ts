import { integer, pick, type Random } from './seeded-random.ts';

const gib = 1024 ** 3;
const inGib = (bytes: number): string => `${(bytes / gib).toFixed(2)} GiB`;

/** What a role needs: sizes of machines that are bought for it. */
export interface Machine {
  readonly memoryGib: readonly [number, ...number[]];
  readonly processors: readonly [number, ...number[]];
  readonly diskGib: readonly [number, ...number[]];
}

const models = [
  'Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz',
  'AMD EPYC 7543 32-Core Processor',
  'Intel(R) Xeon(R) E-2388G CPU @ 3.20GHz',
] as const;

function memoryFacts(random: Random, totalGib: number): Record<string, unknown> {
  // The kernel keeps some for itself.
  const total = Math.floor(totalGib * gib * 0.978);
  const used = Math.floor(total * (0.15 + random() * 0.7));
  return {
    system: {
      available: inGib(total - used),
      available_bytes: total - used,
      capacity: `${((100 * used) / total).toFixed(2)}%`,
      total: inGib(total),
      total_bytes: total,
      used: inGib(used),
      used_bytes: used,
    },
  };
}

function uptimeFacts(random: Random): Record<string, unknown> {
  const seconds = integer(random, 600, 300 * 86_400);
  const hours = Math.floor(seconds / 3600);
  const days = Math.floor(hours / 24);
  const minutes = Math.floor((seconds % 3600) / 60);
  const text =
    days > 0 ? `${days} ${days === 1 ? 'day' : 'days'}` : `${hours}:${String(minutes).padStart(2, '0')} hours`;
  return { days, hours, seconds, uptime: text };
}

/** The facts `memory`, `processors`, `disks`, `mountpoints`, `virtual` and `system_uptime`. */
export function hardwareFacts(random: Random, machine: Machine): Record<string, unknown> {
  const count = pick(random, machine.processors);
  const model = pick(random, models);
  const diskBytes = pick(random, machine.diskGib) * gib;
  const usedBytes = Math.floor(diskBytes * (0.1 + random() * 0.85));
  const isVirtual = random() < 0.85;
  return {
    memory: memoryFacts(random, pick(random, machine.memoryGib)),
    processors: {
      count,
      isa: 'x86_64',
      models: Array.from({ length: count }, () => model),
      physicalcount: count > 16 ? 2 : 1,
    },
    disks: { [isVirtual ? 'vda' : 'sda']: { size: inGib(diskBytes), size_bytes: diskBytes, type: 'ssd' } },
    mountpoints: {
      '/': {
        available: inGib(diskBytes - usedBytes),
        available_bytes: diskBytes - usedBytes,
        capacity: `${((100 * usedBytes) / diskBytes).toFixed(2)}%`,
        filesystem: 'ext4',
        size: inGib(diskBytes),
        size_bytes: diskBytes,
        used: inGib(usedBytes),
        used_bytes: usedBytes,
      },
    },
    is_virtual: isVirtual,
    virtual: isVirtual ? pick(random, ['kvm', 'kvm', 'vmware']) : 'physical',
    system_uptime: uptimeFacts(random),
  };
}
