import { validators, type InputDefinition } from '@muster/protocol/ddl';
import { formatValue } from '../../texts/format.ts';
import { texts } from '../../texts/texts.ts';

/** What an input allows, in words: its type and what its DDL asks of it. The same code as on the node checks it. */
export function inputRules(input: InputDefinition): readonly string[] {
  const words = texts.inputRules;
  const rules: string[] = [];
  if (input.type !== 'string') rules.push(words.types[input.type]);
  if (input.type === 'string') {
    const { validation, maxlength = 0 } = input;
    const named =
      validation !== undefined && Object.hasOwn(validators, validation) ? validators[validation] : undefined;
    if (named !== undefined) rules.push(`${named.meaning.charAt(0).toUpperCase()}${named.meaning.slice(1)}`);
    else if (validation !== undefined && validation !== '.') rules.push(words.pattern(validation));
    if (maxlength > 0) rules.push(words.longest(maxlength));
  }
  if (input.default !== undefined) rules.push(words.default(formatValue(input.default)));
  return rules.filter(Boolean);
}
