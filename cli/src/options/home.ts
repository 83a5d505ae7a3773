import { homeFolder } from '@muster/client/configuration';
import type { Surroundings } from '../surroundings.ts';

/** The folder of the console that a command works on: what `--home` says, else the environment. */
export const homeOf = (home: string | undefined, { env }: Pick<Surroundings, 'env'>): string =>
  homeFolder(home === undefined ? env : { ...env, MUSTER_HOME: home });
