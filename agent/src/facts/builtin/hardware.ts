import type { Facts } from '../value.ts';
import { humanBytes, usage } from './sizes.ts';
import type { System } from './system.ts';

/** `memory.system` and, where there is some, `memory.swap`. */
export async function memoryFacts(system: System): Promise<Facts> {
  const text = (await system.read('/proc/meminfo')) ?? '';
  const bytesOf = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024;
  const section = (totalBytes: number, availableBytes: number): Facts => ({
    total: humanBytes(totalBytes),
    total_bytes: totalBytes,
    ...usage(totalBytes - availableBytes, availableBytes),
  });
  const swapBytes = bytesOf('SwapTotal');
  return {
    memory: {
      system: section(bytesOf('MemTotal'), bytesOf('MemAvailable')),
      ...(swapBytes > 0 ? { swap: section(swapBytes, bytesOf('SwapFree')) } : {}),
    },
  };
}

/** `processors`: count, physicalcount, cores, threads, isa, models, speed. */
export async function processorFacts(system: System): Promise<Facts> {
  const blocks = ((await system.read('/proc/cpuinfo')) ?? '')
    .split(/\n\s*\n/)
    .filter((block) => /^processor\s*:/m.test(block));
  const field = (block: string, name: string): string | undefined =>
    new RegExp(`^${name}\\s*:\\s*(.*)$`, 'm').exec(block)?.[1]?.trim();
  const [first = ''] = blocks;
  const sockets = new Set(blocks.map((block) => field(block, 'physical id') ?? '0'));
  const cores = Number(field(first, 'cpu cores') ?? 0);
  const siblings = Number(field(first, 'siblings') ?? 0);
  const megahertz = Number(field(first, 'cpu MHz') ?? 0);
  const models = blocks.flatMap((block) => field(block, 'model name') ?? []);
  return {
    processors: {
      count: blocks.length,
      physicalcount: sockets.size,
      isa: system.machine,
      models,
      ...(cores > 0 ? { cores, threads: Math.max(1, Math.round(siblings / cores)) } : {}),
      ...(megahertz > 0 ? { speed: `${(megahertz / 1000).toFixed(2)} GHz` } : {}),
    },
  };
}

const given = async (system: System, members: Readonly<Record<string, string>>): Promise<Facts> => {
  const pairs = await Promise.all(
    Object.entries(members).map(
      async ([name, file]) => [name, await system.read(`/sys/class/dmi/id/${file}`)] as const,
    ),
  );
  return Object.fromEntries(
    pairs.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value]])),
  );
};

/** `dmi`: bios, board, chassis, manufacturer, product; absent where the firmware tells nothing. */
export async function dmiFacts(system: System): Promise<Facts> {
  const sections: Readonly<Record<string, Facts>> = {
    bios: await given(system, { release_date: 'bios_date', vendor: 'bios_vendor', version: 'bios_version' }),
    board: await given(system, {
      asset_tag: 'board_asset_tag',
      manufacturer: 'board_vendor',
      product: 'board_name',
      serial_number: 'board_serial',
    }),
    chassis: await given(system, { asset_tag: 'chassis_asset_tag', type: 'chassis_type' }),
    product: await given(system, { name: 'product_name', serial_number: 'product_serial', uuid: 'product_uuid' }),
  };
  const dmi = {
    ...Object.fromEntries(Object.entries(sections).filter(([, section]) => Object.keys(section).length > 0)),
    ...(await given(system, { manufacturer: 'sys_vendor' })),
  };
  return Object.keys(dmi).length > 0 ? { dmi } : {};
}
