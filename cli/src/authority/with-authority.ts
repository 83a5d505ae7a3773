import type { Result } from '@muster/protocol/errors';
import { openAuthority, type AuthorityFolder } from '@muster/runtime/authority';
import type { Surroundings } from '../surroundings.ts';

/** How long a service that works with the same folder just now is waited for, in milliseconds. */
const patienceMs = 5000;

/** Works with the authority in a folder, and lets go of it whatever comes. */
export async function withAuthority<T>(
  folder: string,
  { now }: Surroundings,
  work: (authority: AuthorityFolder) => Promise<Result<T>>,
): Promise<Result<T>> {
  const opened = await openAuthority(folder, now, { patienceMs });
  if (!opened.ok) return opened;
  try {
    return await work(opened.value);
  } finally {
    await opened.value.close();
  }
}
