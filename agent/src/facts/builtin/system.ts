import { readdir, readFile, statfs } from 'node:fs/promises';
import { arch, hostname, loadavg, networkInterfaces, release, userInfo, type NetworkInterfaceInfo } from 'node:os';
import { join } from 'node:path';

/** The machine as built-in facts see it; a test gives a recorded one. Nothing here runs a command. */
export interface System {
  /** Text of a small file, trimmed; undefined where it cannot be read. */
  read(path: string): Promise<string | undefined>;
  readBytes(path: string): Promise<Uint8Array | undefined>;
  /** Names in a folder, sorted; none where it cannot be read. */
  list(path: string): Promise<readonly string[]>;
  /** Sizes of a mounted filesystem, in bytes. */
  space(path: string): Promise<Space | undefined>;
  interfaces(): Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;
  readonly hostname: string;
  readonly kernelRelease: string;
  readonly machine: string;
  loads(): readonly number[];
  user(): { readonly uid: number; readonly gid: number; readonly name: string };
}

interface Space {
  readonly sizeBytes: number;
  readonly freeBytes: number;
  /** What an ordinary user can still write. */
  readonly availableBytes: number;
}

const machines: Readonly<Partial<Record<string, string>>> = {
  x64: 'x86_64',
  arm64: 'aarch64',
  ia32: 'i686',
  arm: 'armv7l',
};

const orUndefined = async <T>(value: Promise<T>): Promise<T | undefined> => {
  try {
    return await value;
  } catch {
    return undefined;
  }
};

/** The machine that this process runs on; `root` moves all paths, for recorded trees. */
export function thisSystem(root = '/'): System {
  const at = (path: string): string => join(root, path);
  return {
    read: async (path) => (await orUndefined(readFile(at(path), 'utf8')))?.trim(),
    readBytes: (path) => orUndefined(readFile(at(path))),
    list: async (path) => ((await orUndefined(readdir(at(path)))) ?? []).sort(),
    async space(path) {
      const stats = await orUndefined(statfs(at(path)));
      if (stats === undefined) return undefined;
      const { bsize } = stats;
      return { sizeBytes: stats.blocks * bsize, freeBytes: stats.bfree * bsize, availableBytes: stats.bavail * bsize };
    },
    interfaces: networkInterfaces,
    hostname: hostname(),
    kernelRelease: release(),
    machine: machines[arch()] ?? arch(),
    loads: loadavg,
    user() {
      const { uid, gid, username } = userInfo();
      return { uid, gid, name: username };
    },
  };
}
