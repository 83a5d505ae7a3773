import { ok, type Result } from '../errors/index.ts';
import { isGroupName, parseCaller } from './callers.ts';
import { policyLimits } from './limits.ts';
import type { PolicyFault, PolicyGroup, PolicyGroups } from './policy.ts';
import { faultAt, meaningfulLines, placed, quoted, wordsOf, type Line } from './text.ts';

type Member = PolicyGroup['members'][number];

function parseGroup(line: Line): Result<{ readonly name: string; readonly members: readonly Member[] }> {
  const [name, ...words] = wordsOf(line);
  if (name === undefined || !isGroupName(name.text)) {
    return faultAt(
      name ?? line,
      `${quoted(name?.text ?? '')} is not the name of a group`,
      'Use letters, digits, underscores, dots and hyphens.',
    );
  }
  const members: Member[] = [];
  for (const word of words) {
    const member = parseCaller(word);
    if (!member.ok) return member;
    if (member.value.kind === 'group') {
      return faultAt(
        word,
        `${quoted(word.text)} is not a caller; groups hold no groups`,
        'Write cert=NAME, or a regular expression between slashes.',
      );
    }
    members.push(member.value);
  }
  return ok({ name: name.text, members });
}

/** Reads the text of `groups`: a name and its callers in each line. Faults: `policy.syntax`, `filter.regex`, and whatever `source` says. */
export function parseGroups(source: Result<string>): PolicyGroups {
  const groups = new Map<string, PolicyGroup>();
  if (!source.ok) return { groups, faults: [{ fault: source.error, line: null, column: null }] };
  const faults: PolicyFault[] = [];
  let members = 0;
  for (const line of meaningfulLines(source.value)) {
    const parsed = line.text.length > policyLimits.fileBytes ? faultAt(line, 'The line is too long') : parseGroup(line);
    const earlier = parsed.ok ? groups.get(parsed.value.name) : undefined;
    if (!parsed.ok) faults.push(placed(source.value, parsed.error));
    else if (earlier !== undefined) {
      const { error } = faultAt(
        line,
        `The group ${quoted(parsed.value.name)} stands in line ${earlier.line} already`,
        'Put all its callers into one line.',
      );
      faults.push(placed(source.value, error));
    } else groups.set(parsed.value.name, { line: line.line, members: parsed.value.members });
    members += parsed.ok ? parsed.value.members.length : 0;
    if (groups.size + faults.length > policyLimits.groups || members > policyLimits.members) {
      const { error } = faultAt(
        line,
        `There are more than ${policyLimits.groups} groups or ${policyLimits.members} members`,
      );
      return { groups, faults: [...faults, placed(source.value, error)] };
    }
  }
  return { groups, faults };
}
