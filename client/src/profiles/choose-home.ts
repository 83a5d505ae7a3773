import { ok, type Result } from '@muster/protocol/errors';
import { homeFolder, ownFolder } from '../configuration/index.ts';
import { findProfile, type Profile } from './book.ts';
import { ProfileBook } from './profile-book.ts';

/** Which home was meant. */
export interface ChosenHome {
  readonly home: string;
  /** The profile by which it was chosen; null for a folder that was named. */
  readonly profile: Profile | null;
  /** Whether the person has other profiles, so that it matters which one this is. */
  readonly hasOthers: boolean;
}

export interface HomeChoice {
  /** A folder, as a flag named it; an absolute path. */
  readonly home?: string | undefined;
  /** A profile, as a flag named it. */
  readonly profile?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const given = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

/**
 * The home to work on: what a flag says, else the folder in `MUSTER_HOME`, else the profile in `MUSTER_PROFILE`, else the present one. The book is not
 * read where a folder was named.
 *
 * Errors: `profile.unknown`; those of reading the book.
 */
export async function chooseHome({ home, profile, env }: HomeChoice): Promise<Result<ChosenHome>> {
  if (home !== undefined) return ok({ home, profile: null, hasOthers: false });
  if (profile === undefined && given(env['MUSTER_HOME']) !== undefined) {
    return ok({ home: homeFolder(env), profile: null, hasOthers: false });
  }
  const book = await new ProfileBook(ownFolder(env)).read();
  if (!book.ok) return book;
  const found = findProfile(book.value, profile ?? given(env['MUSTER_PROFILE']) ?? book.value.present);
  if (!found.ok) return found;
  return ok({ home: found.value.home, profile: found.value, hasOthers: book.value.profiles.length > 1 });
}
