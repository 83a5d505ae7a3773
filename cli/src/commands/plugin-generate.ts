import { fail, ok, type Result } from '@muster/protocol/errors';
import { cleanJson, cleanLine } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import { scaffoldCode, scaffoldTest, type AgentLanguage } from '../plugins/scaffold-code.ts';
import { scaffoldDdl } from '../plugins/scaffold-ddl.ts';
import type { Surroundings } from '../surroundings.ts';

export const agentTypes = ['javascript', 'external'] as const;
export const externalLanguages = ['python', 'bash', 'ruby'] as const;

export interface GenerateFlags {
  readonly type: (typeof agentTypes)[number];
  readonly language?: (typeof externalLanguages)[number];
  readonly actions: string;
  readonly output?: string;
  readonly description?: string;
  readonly author?: string;
  readonly license?: string;
  readonly url?: string;
  readonly replace?: true;
  readonly json?: true;
}

const validName = /^[a-z][a-z0-9_]{0,63}$/;

/** Names that would not be functions in one of the languages. */
const reserved = new Set(['main', 'answer', 'case', 'esac', 'do', 'done', 'if', 'fi', 'in', 'constructor']);

function checkNames(name: string, actions: readonly string[]): Result<null> {
  const odd = [name, ...actions].find((one) => !validName.test(one) || reserved.has(one));
  if (odd !== undefined) {
    return fail('usage.invalid', `"${odd}" cannot be the name of an agent or action`, {
      mend: 'Names are small letters, digits and _, begin with a letter, and are no words of the languages.',
    });
  }
  return new Set(actions).size === actions.length ? ok(null) : fail('usage.invalid', 'An action is named twice');
}

/** `muster plugin generate agent`: a folder with a DDL, code and a test that passes. */
export async function generateAgent(
  name: string,
  flags: GenerateFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  if (flags.language !== undefined && flags.type !== 'external') {
    return fail('usage.invalid', '--language is for --type external');
  }
  const language: AgentLanguage = flags.type === 'javascript' ? 'javascript' : (flags.language ?? 'python');
  const actions = flags.actions.split(',').map((action) => action.trim());
  const checked = checkNames(name, actions);
  if (!checked.ok) return checked;
  const folder = flags.output ?? name;
  const ddl = scaffoldDdl({
    name,
    actions,
    description: flags.description ?? `The agent ${name}`,
    author: flags.author ?? 'Unknown',
    license: flags.license ?? 'Apache-2.0',
    url: flags.url ?? '',
  });
  const program = language === 'javascript' ? `${name}.mjs` : name;
  const files = [
    [`${name}.json`, `${JSON.stringify(ddl, null, 2)}\n`],
    [program, scaffoldCode(language, name, actions)],
    [`test/${name}.test.mjs`, scaffoldTest(language, name)],
  ] as const;
  const written: string[] = [];
  for (const [file, text] of files) {
    const path = `${folder}/${file}`;
    const executable = file === name;
    const done = await surroundings.writeFile(path, text, { replace: flags.replace === true, executable });
    if (!done.ok) return done;
    written.push(path);
  }
  const { stdout } = surroundings;
  if (flags.json === true) stdout.write(`${cleanJson({ files: written }, 1)}\n`);
  else {
    stdout.write(written.map((path) => `${cleanLine(path)}\n`).join(''));
    stdout.write(`\nTry it: node --test ${cleanLine(`${folder}/test/${name}.test.mjs`)}\n`);
  }
  return ok(exitCodes.ok);
}
