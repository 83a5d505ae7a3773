import { fail, ok, type Result } from '@muster/protocol/errors';

/** An action, and what it is about where it is about something. */
export interface Deed {
  readonly action: string;
  readonly subject?: string;
}

/** The actions of an application: those about one thing, and those about none. */
export interface Grammar {
  /** What the thing is called: `package`. */
  readonly thing: string;
  readonly about: readonly string[];
  readonly alone: readonly string[];
}

const refuse = (message: string, { thing, about, alone }: Grammar): Result<never> =>
  fail('usage.invalid', message, {
    mend: `Write ${thing.toUpperCase()} and one of ${about.join(', ')}${alone.length === 0 ? '' : `; or ${alone.join(', ')} alone`}.`,
  });

/**
 * Reads `PACKAGE install` and `install PACKAGE` alike, and `count` alone.
 *
 * Errors: `usage.invalid`, also where both words are actions, so that it is not clear which one is meant.
 */
export function readDeed(words: readonly string[], grammar: Grammar): Result<Deed> {
  const { thing, about, alone } = grammar;
  const [first, second, third] = words;
  if (first === undefined) return refuse('Please say what to do', grammar);
  if (third !== undefined) return refuse(`There is no need for "${third}"`, grammar);
  if (second === undefined) {
    if (alone.includes(first)) return ok({ action: first });
    return refuse(
      about.includes(first) ? `Please say which ${thing} to ${first}` : `Please say what to do with ${first}`,
      grammar,
    );
  }
  const isAction = (word: string) => about.includes(word) || alone.includes(word);
  if (isAction(first) && isAction(second)) {
    return fail(
      'usage.invalid',
      `"${first}" and "${second}" are both actions, so that it is not clear which is meant`,
      {
        mend: `Write muster rpc ${thing} ACTION ${thing}=NAME.`,
      },
    );
  }
  const [action, subject] = isAction(first) ? [first, second] : [second, first];
  if (about.includes(action)) return ok({ action, subject });
  if (alone.includes(action)) return refuse(`${action} is not about one ${thing}`, grammar);
  return refuse(`Action has to be one of ${[...about, ...alone].join(', ')}, not "${action}"`, grammar);
}
