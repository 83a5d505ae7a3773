import { dirname, isAbsolute, relative, sep } from 'node:path';
import { profileColourShape, profileNameShape } from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import { readYamlFile, resolveFrom } from '@muster/runtime/config';
import { isThere } from '@muster/runtime/files';
import { replaceSecretFile } from '@muster/runtime/keys';
import { z } from 'zod';
import { bookFile, firstBook, isSameName, type Book } from './book.ts';

/** More than anybody tells apart. */
const mostProfiles = 100;

const profileShape = z.strictObject({
  name: profileNameShape,
  home: z.string().min(1).max(4096),
  colour: profileColourShape.default('none'),
});

function isTwice<T>(values: readonly T[], isSame: (one: T, other: T) => boolean): boolean {
  return values.some((value, index) => values.slice(0, index).some((other) => isSame(value, other)));
}

/** What the file at a path may say; homes become absolute. */
const bookShape = (file: string) =>
  z
    .strictObject({ present: profileNameShape, profiles: z.array(profileShape).min(1).max(mostProfiles) })
    .transform(({ present, profiles }): Book => ({
      present,
      profiles: profiles.map((profile) => ({ ...profile, home: resolveFrom(file, profile.home) })),
    }))
    .refine(({ present, profiles }) => profiles.some(({ name }) => name === present), {
      path: ['present'],
      message: 'is the name of none of the profiles',
    })
    .refine(
      ({ profiles }) =>
        !isTwice(
          profiles.map(({ name }) => name),
          isSameName,
        ),
      { path: ['profiles'], message: 'has a name twice' },
    )
    .refine(
      ({ profiles }) =>
        !isTwice(
          profiles.map(({ home }) => home),
          (one, other) => one === other,
        ),
      { path: ['profiles'], message: 'has a home twice' },
    );

/**
 * Reads the book of a person's own folder.
 *
 * Errors: those of `readYamlFile`; a name that is none, a name or a home that comes twice, and a present profile that is not there are `config.invalid`.
 */
export async function readBook(folder: string): Promise<Result<Book>> {
  const file = bookFile(folder);
  return (await isThere(file)) ? readYamlFile(file, bookShape(file)) : ok(firstBook(folder));
}

/** How a home stands in the file: relative where it lies in the folder, so that the folder can be moved with it. */
function pathIn(folder: string, home: string): string {
  const path = relative(folder, home);
  if (path === '') return '.';
  return path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path) ? home : path;
}

/** Writes the book whole: the disk has the old or the new one. Errors: `file.unwritable`. */
export function writeBook(folder: string, { present, profiles }: Book): Promise<Result<void>> {
  const file = bookFile(folder);
  // JSON strings are YAML; whatever a path has in it arrives.
  const lines = profiles.flatMap(({ name, home, colour }) => [
    `  - name: ${JSON.stringify(name)}`,
    `    home: ${JSON.stringify(pathIn(dirname(file), home))}`,
    ...(colour === 'none' ? [] : [`    colour: ${colour}`]),
  ]);
  const head = '# The fleets of one person. `muster profile` and the window write this file, and keep no comments.';
  return replaceSecretFile(
    file,
    `${[head, `present: ${JSON.stringify(present)}`, 'profiles:', ...lines].join('\n')}\n`,
  );
}
