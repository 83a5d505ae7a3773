import { resolve } from 'node:path';
import { ownFolder } from '@muster/client/configuration';
import { ProfileBook, chooseHome } from '@muster/client/profiles';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { Command } from 'commander';
import { withEngine } from '../commands/with-engine.ts';
import { findAction } from '../options/inputs.ts';
import { cleanLine } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';
import { completionsAt, type Candidate, type Memory } from './candidates.ts';
import { splitLine } from './command-line.ts';
import { findPlace } from './place.ts';
import { completionScripts, completionText, type Shell } from './shells.ts';

export interface CompletionFlags {
  readonly complete?: Shell;
  readonly line?: string;
  readonly breaks?: string;
  readonly listApplications?: true;
  readonly listAgents?: true;
  readonly listActions?: true;
  readonly listInputs?: true;
  readonly agent?: string;
  readonly action?: string;
  readonly verbose?: true;
  readonly home?: string;
}

/** The last value that the typed command line gives a flag, if any. */
function typedValue(words: readonly string[], flag: string): string | undefined {
  const at = words.findLastIndex((word) => word === flag || word.startsWith(`${flag}=`));
  const word = words[at];
  const value = word === flag ? words[at + 1] : word?.slice(flag.length + 1);
  return value === '' ? undefined : value;
}

/** The home that the typed command line works on; none where it names a profile that is not there. */
async function typedHome(words: readonly string[], env: Surroundings['env']): Promise<string | undefined> {
  const home = typedValue(words, '--home');
  const chosen = await chooseHome({
    home: home === undefined ? undefined : resolve(home),
    profile: typedValue(words, '--profile'),
    env,
  });
  return chosen.ok ? chosen.value.home : undefined;
}

/** Prints what may stand at the end of the words. It never fails: where nothing is known, nothing is offered. */
async function complete(
  shell: Shell,
  typed: readonly string[],
  flags: CompletionFlags,
  program: Command,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const [current = ''] = typed.slice(-1);
  const { line, breaks = '' } = flags;
  const typedLine = line === undefined ? { words: typed.slice(0, -1), current, raw: current } : splitLine(line);
  const place = findPlace(program, typedLine.words, typedLine.current);
  const book = await new ProfileBook(ownFolder(surroundings.env)).read();
  const profiles = book.ok ? book.value.profiles : [];
  const home = await typedHome(typedLine.words, surroundings.env);
  const completed =
    home === undefined
      ? undefined
      : await withEngine(surroundings, { home }, 'unconnected', async (engine) =>
          ok(
            await completionsAt(
              place,
              {
                inventory: engine.inventory,
                presets: engine.presets,
                groups: engine.groups,
                runs: engine.runs,
                configuration: engine.configuration,
                profiles,
              },
              typedLine.current,
            ),
          ),
        );
  // Commands and flags are known without a home.
  const found = completed?.ok
    ? completed.value
    : await completionsAt(place, { ...nothingKnown, profiles }, typedLine.current);
  surroundings.stdout.write(completionText(shell, found, { raw: typedLine.raw, breaks }));
  return ok(exitCodes.ok);
}

const unknown = () => Promise.resolve(fail('home.missing', 'There is no home'));
const nothingKnown: Omit<Memory, 'profiles'> = {
  inventory: { agents: unknown, identities: unknown, classes: unknown, factPaths: unknown, factValues: unknown },
  presets: { list: unknown },
  groups: { list: unknown },
  runs: { list: unknown },
  configuration: { collectives: [] },
};

/** `--list-…`, as MCollective has it: names one a line, with descriptions when verbose. */
async function list(flags: CompletionFlags, program: Command, surroundings: Surroundings): Promise<Result<number>> {
  const print = (entries: readonly Candidate[]): Result<number> => {
    const text = ({ value, description = '' }: Candidate) =>
      cleanLine(flags.verbose === true ? `${value}:${description}` : value);
    surroundings.stdout.write(entries.map((entry) => `${text(entry)}\n`).join(''));
    return ok(exitCodes.ok);
  };
  if (flags.listApplications === true) {
    const commands = program.createHelp().visibleCommands(program);
    return print(commands.map((command) => ({ value: command.name(), description: command.description() })));
  }
  const { agent, action } = flags;
  return withEngine(surroundings, flags, 'unconnected', async ({ inventory }) => {
    const agents = await inventory.agents();
    if (!agents.ok) return agents;
    const ddls = agents.value.map(({ ddl }) => ddl);
    const entry = ({ name, description }: { name: string; description: string }) => ({ value: name, description });
    if (flags.listAgents === true) return print(ddls.map(entry));
    if (agent === undefined) return fail('usage.invalid', 'Please say which agent with --agent');
    const ddl = ddls.find(({ name }) => name === agent);
    if (ddl === undefined) return fail('agent.unknown', `The inventory knows no agent ${agent}`);
    if (flags.listActions === true) return print(ddl.actions.map(entry));
    if (action === undefined) return fail('usage.invalid', 'Please say which action with --action');
    const found = findAction(ddl, action);
    if (!found.ok) return found;
    return print(Object.entries(found.value.inputs).map(([value, { description }]) => ({ value, description })));
  });
}

const lists = (flags: CompletionFlags): boolean =>
  flags.listApplications === true ||
  flags.listAgents === true ||
  flags.listActions === true ||
  flags.listInputs === true;

/** `muster completion`: the script for a shell, and what such a script asks. */
export async function completion(
  words: readonly string[],
  flags: CompletionFlags,
  program: Command,
  surroundings: Surroundings,
): Promise<Result<number>> {
  if (flags.complete !== undefined) return complete(flags.complete, words, flags, program, surroundings);
  if (lists(flags)) return list(flags, program, surroundings);
  const [shell, more] = words;
  if (shell === undefined || more !== undefined || !Object.hasOwn(completionScripts, shell)) {
    return fail(
      'usage.invalid',
      shell === undefined ? 'Please say for which shell' : `There is no completion for ${words.join(' ')}`,
      {
        mend: 'There is one for bash, zsh and fish.',
      },
    );
  }
  surroundings.stdout.write(completionScripts[shell as Shell]); // it is a key of the scripts
  return ok(exitCodes.ok);
}
