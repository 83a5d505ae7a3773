import { basename } from 'node:path';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { readPassphraseFile, type AskPassphrase } from '@muster/runtime/keys';
import { cleanLine } from '../output/clean-text.ts';
import type { Surroundings } from '../surroundings.ts';

/** How often a person may mistype. */
const attempts = 3;

/** Longer ones are no passphrases. */
const longestBytes = 4096;

export interface PassphraseFlags {
  /** `-` for STDIN. */
  readonly passphraseFile?: string;
}

/** How a protected key is opened: as a flag says, whatever the configuration does, or else by asking. */
export interface PassphraseAccess {
  readonly passphrase?: AskPassphrase;
  readonly askPassphrase?: AskPassphrase;
}

async function readInput({ stdin }: Surroundings): Promise<Result<string | null>> {
  const text = await stdin.readAll({ longestBytes });
  return text.ok ? ok(text.value?.replace(/\r?\n$/, '') ?? null) : text;
}

/** Asks on the terminal, without showing what is typed. Errors: `run.interrupted`. */
async function ask(prompt: string, surroundings: Surroundings): Promise<Result<string>> {
  const given = await surroundings.askSecret(cleanLine(prompt));
  return given === null ? fail('run.interrupted', 'Interrupted while asking for the passphrase') : ok(given);
}

export const canAsk = ({ stdin, stderr }: Surroundings): boolean => stdin.kind === 'terminal' && stderr.isTerminal;

/** The flag's file, else the terminal where there is one. Errors of both: those of `readPassphraseFile`, `run.interrupted`. */
export function passphraseAccess({ passphraseFile }: PassphraseFlags, surroundings: Surroundings): PassphraseAccess {
  if (passphraseFile !== undefined) {
    const read = () => (passphraseFile === '-' ? readInput(surroundings) : readPassphraseFile(passphraseFile));
    return { passphrase: ({ attempt }) => (attempt === 1 ? read() : Promise.resolve(ok(null))) };
  }
  if (!canAsk(surroundings)) return {};
  return {
    askPassphrase({ file, attempt }) {
      if (attempt > attempts) return Promise.resolve(ok(null));
      const again = attempt === 1 ? '' : 'That was not it. ';
      return ask(`${again}Passphrase of ${basename(file)}`, surroundings);
    },
  };
}

/** A new passphrase: of a file, or typed twice. Errors: `usage.invalid`, `run.interrupted`, those of `readPassphraseFile`. */
export async function newPassphrase(file: string | undefined, surroundings: Surroundings): Promise<Result<string>> {
  if (file !== undefined) return readPassphraseFile(file);
  if (!canAsk(surroundings)) {
    return fail('usage.invalid', 'Nobody can be asked for the new passphrase', {
      mend: 'Name a file that holds it: --new-passphrase-file.',
    });
  }
  const first = await ask('New passphrase', surroundings);
  if (!first.ok) return first;
  const second = await ask('The same again', surroundings);
  if (!second.ok) return second;
  return first.value === second.value ? first : fail('usage.invalid', 'That was not the same: nothing is changed');
}
