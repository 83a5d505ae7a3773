import { setTimeout as pause } from 'node:timers/promises';
import { profileNamePattern, type ProfileColour } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { lockFirstFree, type FolderLock } from '@muster/runtime/files';
import { readBook, writeBook } from './book-file.ts';
import { bookFile, findProfile, isSameName, ownHome, type Book, type Profile } from './book.ts';

/** How long another writer is waited for: it only writes a small file. */
const lockTries = 100;
const lockPauseMs = 50;

export interface NewProfile {
  readonly name: string;
  /** An absolute path; by default a folder of that name beside the book. */
  readonly home?: string;
  readonly colour?: ProfileColour;
}

export interface ProfileChange {
  readonly name?: string;
  readonly colour?: ProfileColour;
}

/** Errors: `profile.invalid`. */
function checkName(name: string): Result<void> {
  if (profileNamePattern.test(name)) return ok(undefined);
  return fail('profile.invalid', `"${name}" cannot be the name of a profile`, {
    mend: 'Take 1 to 64 letters, digits, dots, hyphens and underscores, a letter or digit first.',
  });
}

/** Errors: `profile.taken`. */
function checkFree({ profiles }: Book, name: string): Result<void> {
  const holder = profiles.find((profile) => isSameName(profile.name, name));
  if (holder === undefined) return ok(undefined);
  return fail('profile.taken', `There is a profile "${holder.name}" already`, {
    mend: 'Take another name. Small and capital letters make no difference.',
  });
}

/**
 * The fleets that a person works with, as the file in the person's own folder has them. What is read is as it stands there; writers of all
 * processes take turns. Errors of all: those of reading the file; of those that change it also `file.unwritable`, `storage.failed` and `home.in_use`.
 */
export class ProfileBook {
  readonly folder: string;

  /** `folder` is the person's own, not that of a profile. */
  constructor(folder: string) {
    this.folder = folder;
  }

  read(): Promise<Result<Book>> {
    return readBook(this.folder);
  }

  /** Errors: `profile.unknown`. */
  async find(name: string): Promise<Result<Profile>> {
    const book = await this.read();
    return book.ok ? findProfile(book.value, name) : book;
  }

  /** Adds one at the end; the present one stays it. Errors: `profile.invalid` for the name, `profile.taken` for name or home. */
  add({ name, home = ownHome(this.folder, name), colour = 'none' }: NewProfile): Promise<Result<Profile>> {
    return this.#change((book) => {
      const free = checkFree(book, name);
      if (!free.ok) return free;
      const holder = book.profiles.find((profile) => profile.home === home);
      if (holder !== undefined) return fail('profile.taken', `The profile "${holder.name}" has the home ${home}`);
      const added = { name, home, colour };
      return ok([{ ...book, profiles: [...book.profiles, added] }, added]);
    }, name);
  }

  /** Makes one the present one. Errors: `profile.unknown`. */
  use(name: string): Promise<Result<Profile>> {
    return this.#change((book) => {
      const found = findProfile(book, name);
      return found.ok ? ok([{ ...book, present: name }, found.value]) : found;
    });
  }

  /** Gives one another name or colour; its home stays where it is. Errors: `profile.unknown`, `profile.invalid`, `profile.taken`. */
  change(name: string, change: ProfileChange): Promise<Result<Profile>> {
    return this.#change((book) => {
      const found = findProfile(book, name);
      if (!found.ok) return found;
      const others = { ...book, profiles: book.profiles.filter((profile) => profile !== found.value) };
      const free = change.name === undefined ? ok(undefined) : checkFree(others, change.name);
      if (!free.ok) return free;
      const changed = { ...found.value, ...change };
      const profiles = book.profiles.map((profile) => (profile === found.value ? changed : profile));
      return ok([{ present: book.present === name ? changed.name : book.present, profiles }, changed]);
    }, change.name);
  }

  /** Forgets one; its home stays as it is. Errors: `profile.unknown`, `profile.in_use` for the present one. */
  remove(name: string): Promise<Result<Profile>> {
    return this.#change((book) => {
      const found = findProfile(book, name);
      if (!found.ok) return found;
      if (book.present === name) {
        return fail('profile.in_use', `"${name}" is the present profile`, { mend: 'Use another one first.' });
      }
      return ok([{ ...book, profiles: book.profiles.filter((profile) => profile !== found.value) }, found.value]);
    });
  }

  async #change(make: (book: Book) => Result<readonly [Book, Profile]>, newName?: string): Promise<Result<Profile>> {
    const named = newName === undefined ? ok(undefined) : checkName(newName);
    if (!named.ok) return named;
    const lock = await this.#lock();
    if (!lock.ok) return lock;
    try {
      const book = await this.read();
      if (!book.ok) return book;
      const made = make(book.value);
      if (!made.ok) return made;
      const [next, about] = made.value;
      const written = await writeBook(this.folder, next);
      return written.ok ? ok(about) : written;
    } finally {
      await lock.value.release();
    }
  }

  async #lock(): Promise<Result<FolderLock>> {
    const prefix = `${bookFile(this.folder)}.`;
    for (let left = lockTries; ; left--) {
      const lock = await lockFirstFree(prefix, 1);
      if (lock.ok || lock.error.code !== 'home.in_use' || left === 0) return lock;
      await pause(lockPauseMs);
    }
  }
}
