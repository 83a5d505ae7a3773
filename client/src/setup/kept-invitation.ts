import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Result } from '@muster/protocol/errors';
import { proxySection, type ProxySection } from '@muster/runtime/config';
import { readJoinFile, type JoinFile } from '@muster/runtime/enrolment';
import { readSecretFile, replaceSecretFile } from '@muster/runtime/keys';
import { z } from 'zod';

const keptShape = z.strictObject({
  name: z.string().nullable(),
  invitation: z.string(),
  proxy: proxySection.optional(),
});
const keptIn = (home: string): string => join(home, 'joining.json');

/** With which invitation a home is being set up, as whom, and through which proxy; an absent name is the one of the invitation. */
export interface KeptInvitation {
  readonly invitation: JoinFile;
  readonly name: string | undefined;
  readonly proxy: ProxySection | undefined;
}

/** Keeps it in the home, so that the waiting goes on after a restart. Errors: `file.unwritable`. */
export async function keepInvitation(
  home: string,
  text: string,
  { name, proxy }: Pick<KeptInvitation, 'name' | 'proxy'>,
): Promise<Result<void>> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  return replaceSecretFile(keptIn(home), JSON.stringify({ name: name ?? null, invitation: text, proxy }));
}

/** Null where none is kept, or it cannot be read any more. */
export async function keptInvitation(home: string): Promise<KeptInvitation | null> {
  const text = await readSecretFile(keptIn(home));
  if (!text.ok) return null;
  const kept = readKept(text.value);
  if (kept === undefined) return null;
  const invitation = readJoinFile(kept.invitation);
  return invitation.ok ? { invitation: invitation.value, name: kept.name ?? undefined, proxy: kept.proxy } : null;
}

function readKept(text: string): z.infer<typeof keptShape> | undefined {
  try {
    return keptShape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

export const dropInvitation = (home: string): Promise<void> => rm(keptIn(home), { force: true });
