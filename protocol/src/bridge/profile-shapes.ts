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
