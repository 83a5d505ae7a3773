import { validators, type InputDefinition } from '@muster/protocol/ddl';
import { formatValue } from '../../texts/format.ts';
import { texts } from '../../texts/texts.ts';

/** Patterns that every text fits say nothing to a reader. */
const anything: ReadonlySet<string> = new Set(['.', '.*', '.+', '^.*$', '^.+$']);

/** What a value of an input must be, each rule as a phrase. */
export function inputRules(input: InputDefinition): readonly string[] {
  const words = texts.catalogue.rules;
  const { maxlength = 0, validation, list } = input;
  const rules: string[] = [];
  if (list !== undefined) rules.push(words.oneOf(list));
  if (validation !== undefined && !anything.has(validation)) {
    const known = Object.hasOwn(validators, validation) ? validators[validation] : undefined;
    rules.push(known === undefined ? words.pattern(validation) : words.meaning(known.meaning));
  }
  if (maxlength > 0) rules.push(words.most(maxlength));
  if (input.default !== undefined) rules.push(words.usually(formatValue(input.default)));
  return rules;
}
