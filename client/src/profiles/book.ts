import { join } from 'node:path';
import type { ProfileColour } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { isThere } from '@muster/runtime/files';

/** A fleet that a person works with, as who, and what this console remembers of it. */
export interface Profile {
  readonly name: string;
  /** Its home; an absolute path, where there may be nothing yet. */
  readonly home: string;
  readonly colour: ProfileColour;
}

/** The profiles of a person, at least one, in the order in which they were added. */
export interface Book {
  /** Name of the one that is meant where none is named. */
  readonly present: string;
  readonly profiles: readonly Profile[];
}

/** Where the book of a person's own folder is kept. */
export const bookFile = (folder: string): string => join(folder, 'profiles.yaml');

/** The home that a profile gets when none is named. */
export const ownHome = (folder: string, name: string): string => join(folder, 'profiles', name);

/** What holds without a file: the folder itself is the one home. */
export const firstBook = (folder: string): Book => ({
  present: 'default',
  profiles: [{ name: 'default', home: folder, colour: 'none' }],
});

/** Some file systems take `Prod` and `prod` for one folder, and some people for one name. */
export const isSameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** Errors: `profile.unknown`, with the names that there are. */
export function findProfile({ profiles }: Book, name: string): Result<Profile> {
  const found = profiles.find((profile) => profile.name === name);
  if (found !== undefined) return ok(found);
  return fail('profile.unknown', `There is no profile "${name}"`, {
    mend: `There are: ${profiles.map((profile) => profile.name).join(', ')}. Another one: muster profile add NAME`,
  });
}

/** Whether the home of a profile has been set up. */
export const isSetUp = ({ home }: Pick<Profile, 'home'>): Promise<boolean> => isThere(join(home, 'console.yaml'));
