import { validateInput, validators, type InputDefinition } from '@muster/protocol/ddl';
import { texts } from '../../texts/texts.ts';

/** What is wrong with a reason to disable Puppet, by the agent's own rules; null when nothing is. */
export function reasonComplaint(input: InputDefinition | undefined, reason: string): string | null {
  const words = texts.puppetActs;
  if (reason === '') return words.reasonNeeded;
  if (input === undefined || validateInput('message', input, reason).ok) return null;
  const { maxlength = 0, validation = '' } = input;
  if (maxlength > 0 && reason.length > maxlength) return words.reasonLong(maxlength);
  return words.reasonRefused(validators[validation]?.meaning ?? validation);
}
