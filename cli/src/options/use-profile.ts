import { resolve } from 'node:path';
import { chooseHome } from '@muster/client/profiles';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { Command } from 'commander';
import type { Surroundings } from '../surroundings.ts';

/** The environment, and the fleet that a command works on, as its flags make them. */
export interface ChosenFleet {
  env: Record<string, string | undefined>;
  fleet?: string;
}

const textOf = (command: Command, option: string): string | undefined => {
  const value: unknown = command.getOptionValue(option);
  return typeof value === 'string' ? value : undefined;
};

/**
 * Before a command begins: a profile that `--profile` names, behind the command or before it, becomes its home, as `--home` would; one that nobody
 * named becomes what `MUSTER_HOME` would say. Commands without a home are left alone.
 *
 * Errors: `usage.invalid` when `--home` is given as well, `profile.unknown`, those of reading the book of profiles.
 */
export async function useProfile(
  program: Command,
  command: Command,
  { env }: Pick<Surroundings, 'env'>,
  chosen: ChosenFleet,
): Promise<Result<void>> {
  const profile = textOf(command, 'profile') ?? textOf(program, 'profile');
  const has = (name: string) => command.options.some((option) => option.attributeName() === name);
  // What shells ask for completion has a fleet in the line that is typed, and must never fail.
  const isCompletion = command.getOptionValue('complete') !== undefined;
  if (isCompletion || (!has('profile') && profile === undefined)) return ok(undefined);
  const home = textOf(command, 'home');
  if (home !== undefined && profile !== undefined) {
    return fail('usage.invalid', '--home and --profile name two homes', { mend: 'Give one of them.' });
  }
  const found = await chooseHome({ home: home === undefined ? undefined : resolve(home), profile, env });
  if (!found.ok) return found;
  if (found.value.profile !== null && found.value.hasOthers) chosen.fleet = found.value.profile.name;
  if (found.value.profile === null) return ok(undefined);
  if (profile === undefined) chosen.env['MUSTER_HOME'] = found.value.home;
  else if (has('home')) command.setOptionValue('home', found.value.home);
  return ok(undefined);
}
