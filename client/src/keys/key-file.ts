import { fail, ok, type Result } from '@muster/protocol/errors';
import { findTrustFiles, type TrustFiles } from '../configuration/index.ts';

/** The files of a home whose key is one of them. */
export type OwnFiles = TrustFiles & { readonly key: string };

/** Finds the files of a home that has its key in a file. Errors: `usage.invalid` when an SSH agent holds it; those of {@link findTrustFiles}. */
export async function findKeyFile(home: string): Promise<Result<OwnFiles>> {
  const found = await findTrustFiles(home);
  if (!found.ok) return found;
  const { key } = found.value;
  if (key !== null) return ok({ ...found.value, key });
  return fail('usage.invalid', 'An SSH agent holds the key of this console: there is no file of it', {
    mend: 'See docs/guide/keys.md for keys in agents.',
  });
}

/** A key that waits for its certificate lies beside the one that is used. */
export const nextKey = ({ key }: OwnFiles): string => `${key}.next`;
