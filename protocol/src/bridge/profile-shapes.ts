import { z } from 'zod';

/** Names of profiles: 1 to 64 letters of ASCII, digits, dots, hyphens and underscores, a letter or digit first. They name folders, too. */
export const profileNamePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** What marks the fleet of a profile, so that nobody takes it for another. */
export const profileColours = ['none', 'red', 'orange', 'green', 'blue', 'violet'] as const;
export type ProfileColour = (typeof profileColours)[number];

export const profileNameShape = z
  .string()
  .regex(profileNamePattern, 'must be 1 to 64 letters, digits, dots, hyphens and underscores, a letter or digit first');
export const profileColourShape = z.enum(profileColours);

/** A fleet that a person works with, as a window shows it. */
const profileShape = z.object({
  name: z.string(),
  /** Absolute path on the computer of the console. */
  home: z.string(),
  colour: profileColourShape,
  /** Whether its home has a configuration; a window on one that has none sets it up. */
  isSetUp: z.boolean(),
});
export type ListedProfile = z.infer<typeof profileShape>;

const profileListShape = z.object({
  profiles: z.array(profileShape),
  /** Name of the one that commands and new windows work on that name none. */
  present: z.string(),
  /** Name of the one that this window shows; null where its home has none. */
  here: z.string().nullable(),
  /** The home that this window shows. */
  home: z.string(),
  /** The home that the host was started with, where it has no name. */
  unnamedHome: z.string().nullable(),
});
export type ProfileList = z.infer<typeof profileListShape>;

const nothing = z.object({});
const name = z.string().max(200);

/**
 * The fleets of one person, which the host of the window keeps rather than the console that it shows. Faults of all: those of the book of profiles;
 * of those that name one `profile.unknown`. `list` and `open` are answered while the console is locked or not set up, the others are not.
 */
export const profileEndpoints = {
  'profiles.list': { params: nothing, result: profileListShape },
  /** `home` is a path on the computer of the console; by default a folder of its own. Faults: `profile.invalid`, `profile.taken`. */
  'profiles.add': {
    params: z.object({ name, colour: profileColourShape, home: z.string().min(1).max(4096).optional() }),
    result: nothing,
  },
  /** Its home stays where it is. Faults: `profile.invalid`, `profile.taken`. */
  'profiles.change': {
    params: z.object({ name, newName: name.optional(), colour: profileColourShape.optional() }),
    result: nothing,
  },
  /** Makes it the present one. */
  'profiles.use': { params: z.object({ name }), result: nothing },
  /** Forgets it; its home stays. Fault: `profile.in_use` for the present one, and the one that this window shows. */
  'profiles.remove': { params: z.object({ name }), result: nothing },
  /**
   * Shows a fleet; null is the home without a name that the host was started with. `session` is the secret with which the window goes on, on
   * that fleet; null where the host has a window of its own for it. Faults: those of opening a console.
   */
  'profiles.open': {
    params: z.object({ name: name.nullable() }),
    result: z.object({ session: z.string().nullable() }),
  },
} as const;
