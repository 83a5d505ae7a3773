import { resolve } from 'node:path';
import { ownFolder } from '@muster/client/configuration';
import { isSetUp, ProfileBook, type Profile } from '@muster/client/profiles';
import type { ProfileColour } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { cleanJson, cleanText } from '../output/clean-text.ts';
import { table } from '../output/columns.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';

export interface ProfileFlags {
  readonly json?: true;
}

export interface AddFlags extends ProfileFlags {
  readonly home?: string;
  readonly colour?: ProfileColour;
}

export interface ChangeFlags extends ProfileFlags {
  readonly name?: string;
  readonly colour?: ProfileColour;
}

const bookOf = ({ env }: Surroundings): ProfileBook => new ProfileBook(ownFolder(env));

/** A profile with whether its home has been set up. */
const described = async (profile: Profile) => ({ ...profile, set_up: await isSetUp(profile) });

/** The outcome of a command about one profile: its JSON, or words. */
async function told(
  outcome: Result<Profile>,
  { json }: ProfileFlags,
  { stdout }: Surroundings,
  words: (profile: Profile, isSetUp: boolean) => string,
): Promise<Result<number>> {
  if (!outcome.ok) return outcome;
  const about = await described(outcome.value);
  stdout.write(json === true ? `${cleanJson(about)}\n` : cleanText(`${words(outcome.value, about.set_up)}\n`));
  return ok(exitCodes.ok);
}

/** `muster profile list`. */
export async function listProfiles({ json }: ProfileFlags, surroundings: Surroundings): Promise<Result<number>> {
  const { stdout, env, stderr } = surroundings;
  const book = await bookOf(surroundings).read();
  if (!book.ok) return book;
  const { present } = book.value;
  const all = await Promise.all(book.value.profiles.map(described));
  if (json === true) {
    stdout.write(`${cleanJson({ present, profiles: all })}\n`);
    return ok(exitCodes.ok);
  }
  const rows = all.map(({ name, colour, home, set_up }) => [
    name === present ? '*' : '',
    name,
    colour === 'none' ? '' : colour,
    set_up ? home : `${home} (not set up)`,
  ]);
  stdout.write(cleanText(`${table(['', 'name', 'colour', 'home'], rows).join('\n')}\n`));
  const over = (['MUSTER_HOME', 'MUSTER_PROFILE'] as const).find((name) => (env[name] ?? '') !== '');
  if (over !== undefined) {
    stderr.write(
      cleanText(`muster: ${over} is set: commands work on ${env[over] ?? ''}, not on the present profile.\n`),
    );
  }
  return ok(exitCodes.ok);
}

/** `muster profile add`. */
export async function addProfile(name: string, flags: AddFlags, surroundings: Surroundings): Promise<Result<number>> {
  const { home, colour } = flags;
  const added = await bookOf(surroundings).add({
    name,
    ...(home === undefined ? {} : { home: resolve(home) }),
    ...(colour === undefined ? {} : { colour }),
  });
  return told(added, flags, surroundings, (profile, isReady) =>
    isReady
      ? `Added ${name}: ${profile.home}. Try it: muster ping --profile ${name}`
      : `Added ${name}: ${profile.home}, which is not set up yet. Join its fleet: muster keys join FILE --profile ${name}`,
  );
}

/** `muster profile use`. */
export async function useAsPresent(
  name: string,
  flags: ProfileFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const used = await bookOf(surroundings).use(name);
  return told(used, flags, surroundings, ({ home }) => `The present profile is ${name}: ${home}`);
}

/** `muster profile change`. */
export async function changeProfile(
  name: string,
  flags: ChangeFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const { name: newName, colour } = flags;
  if (newName === undefined && colour === undefined) {
    return fail('usage.invalid', 'Please say what changes', { mend: 'With --name or --colour.' });
  }
  const changed = await bookOf(surroundings).change(name, {
    ...(newName === undefined ? {} : { name: newName }),
    ...(colour === undefined ? {} : { colour }),
  });
  return told(changed, flags, surroundings, (profile) => `Changed: ${profile.name}, colour ${profile.colour}`);
}

/** `muster profile remove`. */
export async function removeProfile(
  name: string,
  flags: ProfileFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const removed = await bookOf(surroundings).remove(name);
  return told(
    removed,
    flags,
    surroundings,
    ({ home }) => `Forgot ${name}. Its home stays with all keys and data: ${home}`,
  );
}
