import type { EndpointResult, ProfileHandlers } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { givenPath } from '../setup/index.ts';
import { isSetUp, type Book, type Profile } from './book.ts';
import type { ProfileBook } from './profile-book.ts';

/** What a host of windows knows of the fleet that one of them shows. */
export interface FleetHost {
  readonly book: ProfileBook;
  /** The home that the window shows. */
  readonly home: string;
  /** The home that the host was started with. */
  readonly firstHome: string;
  /** Shows the fleet of another home: the secret of a session for it, or null where the host has brought a window of its own forward. */
  readonly show: (home: string) => Promise<Result<string | null>>;
}

const listed = async (profile: Profile) => ({ ...profile, isSetUp: await isSetUp(profile) });

const nameOf = ({ profiles }: Book, home: string): string | null =>
  profiles.find((profile) => profile.home === home)?.name ?? null;

const done = (result: Result<unknown>): Result<Record<string, never>> => (result.ok ? ok({}) : result);

/** Answers what a window asks of the fleets of its person. */
export function createProfileHandlers({ book, home, firstHome, show }: FleetHost): ProfileHandlers {
  async function list(): Promise<Result<EndpointResult<'profiles.list'>>> {
    const read = await book.read();
    if (!read.ok) return read;
    return ok({
      profiles: await Promise.all(read.value.profiles.map(listed)),
      present: read.value.present,
      here: nameOf(read.value, home),
      home,
      unnamedHome: nameOf(read.value, firstHome) === null ? firstHome : null,
    });
  }

  async function remove(name: string): Promise<Result<unknown>> {
    const found = await book.find(name);
    if (!found.ok) return found;
    if (found.value.home === home) return fail('profile.in_use', `This window shows "${name}"`);
    return book.remove(name);
  }

  async function homeOf(name: string | null): Promise<Result<string>> {
    if (name === null) return ok(firstHome);
    const found = await book.find(name);
    return found.ok ? ok(found.value.home) : found;
  }

  return {
    'profiles.list': list,
    'profiles.add': async ({ home: given, ...profile }) =>
      done(await book.add({ ...profile, ...(given === undefined ? {} : { home: givenPath(given) }) })),
    'profiles.change': async ({ name, newName, colour }) =>
      done(
        await book.change(name, {
          ...(newName === undefined ? {} : { name: newName }),
          ...(colour === undefined ? {} : { colour }),
        }),
      ),
    'profiles.use': async ({ name }) => done(await book.use(name)),
    'profiles.remove': async ({ name }) => done(await remove(name)),
    'profiles.open': async ({ name }) => {
      const other = await homeOf(name);
      const shown = other.ok ? await show(other.value) : other;
      return shown.ok ? ok({ session: shown.value }) : shown;
    },
  };
}
