import { collectivePattern, defaultCollective } from '@muster/protocol/identity';

/** A command of broker-config. */
export interface Command {
  readonly usage: string;
  /** Gives the exit code. Throws, with a text for people, when the arguments cannot be understood. */
  run(args: readonly string[]): Promise<number>;
}

/** Names between commas. */
export const list = (text: string): string[] => text.split(',').filter((part) => part !== '');

/** The collectives that are named, or the one that there is without. Throws for what cannot be a name. */
export function readCollectives(text: string | undefined): readonly string[] {
  const collectives = list(text ?? defaultCollective);
  for (const name of collectives)
    if (!collectivePattern.test(name)) throw new Error(`"${name}" cannot be the name of a collective`);
  return collectives;
}
