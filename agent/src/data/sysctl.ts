import { readFile } from 'node:fs/promises';
import { defineData, type DataOutputs } from '../plugins/index.ts';
import { dataPluginBase, question, text } from './description.ts';

/**
 * The file of a kernel setting, spelled as sysctl(8) takes it: whichever of `.` and `/` comes first separates, and the other
 * one then stands for itself, as in `net/ipv4/conf/eth0.100/forwarding` or `net.ipv4.conf.eth0/100.forwarding`.
 */
export function sysctlFile(key: string): string | undefined {
  const separator = /[./]/.exec(key)?.[0] ?? '.';
  const parts = key.split(separator).map((part) => (separator === '.' ? part.replaceAll('/', '.') : part));
  return parts.some((part) => /^\.*$/.test(part)) ? undefined : `/proc/sys/${parts.join('/')}`;
}

const noSuchSetting = new Set(['ENOENT', 'ENOTDIR', 'EISDIR']);

/** A setting of the kernel; nothing for one that it does not have. */
export const sysctlData = defineData(
  {
    ...dataPluginBase('sysctl', 'A setting of the kernel'),
    query: question('Key', 'Name of the setting, as in vm.swappiness', { validation: '^[\\w*.:/-]+$', maxlength: 120 }),
    outputs: { value: text('Value', 'Its value, with blanks between several') },
  },
  async (key): Promise<DataOutputs> => {
    const file = sysctlFile(key);
    if (file === undefined) return {};
    try {
      return { value: (await readFile(file, 'utf8')).trim().replaceAll(/\s+/g, ' ') };
    } catch (thrown) {
      if (thrown instanceof Error && 'code' in thrown && noSuchSetting.has(String(thrown.code))) return {};
      throw thrown;
    }
  },
);
