import type { Facts } from '../value.ts';
import type { System } from './system.ts';

/** `identity` (whom the agent runs as) and `fips_enabled`. */
export async function userFacts(system: System): Promise<Facts> {
  const { uid, gid, name } = system.user();
  const groups = ((await system.read('/etc/group')) ?? '').split('\n').map((line) => line.split(':'));
  const group = groups.find(([, , id]) => id === String(gid))?.[0];
  return {
    identity: { uid, gid, user: name, ...(group === undefined ? {} : { group }), privileged: uid === 0 },
    fips_enabled: (await system.read('/proc/sys/crypto/fips_enabled')) === '1',
  };
}
