import { Command, CommanderError } from 'commander';
import { faultFrom, unwrap, type Fault, type Result } from '@muster/protocol/errors';
import { addApplications } from './applications/program.ts';
import { addAuditCommands } from './audit/program.ts';
import { addAuthorityCommands } from './authority/program.ts';
import { addDatabaseCommands } from './database/program.ts';
import { addEvidenceCommands } from './evidence/program.ts';
import { addFilterCommands } from './commands/filter-program.ts';
import { addFleetCommands } from './commands/fleet-program.ts';
import { addJoinCommands } from './join/program.ts';
import { addKeyCommands } from './keys/program.ts';
import { addPluginCommands } from './commands/plugin-program.ts';
import { addSelectionCommands } from './commands/presets-program.ts';
import { addRecipeCommands } from './commands/recipes-program.ts';
import { addNotifyCommands } from './notify/program.ts';
import { addPolicyCommands } from './policy/program.ts';
import { addPuppetCommands } from './puppet/program.ts';
import { addProfileCommands } from './profile/program.ts';
import { addRunsCommands } from './commands/runs-program.ts';
import { addCompletionCommand } from './completion/program.ts';
import { useProfile, type ChosenFleet } from './options/use-profile.ts';
import { exitCodes } from './output/exit-code.ts';
import { reportFault } from './output/faults.ts';
import { addScheduleCommands } from './schedule/program.ts';
import { addShellCommands } from './shell/program.ts';
import { addTaskCommands } from './tasks/program.ts';
import type { Surroundings } from './surroundings.ts';

/** Takes the outcome of the command that ran. `about` is the text that a fault of it points into. */
export type Finish = (outcome: Result<number>, about?: (fault: Fault) => string | undefined) => void;

/** The words of commander's error, without its prefix and with its suggestion. */
function usageFault(error: CommanderError): Fault {
  const [message = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const hint = rest
    .join(' ')
    .replace(/^\(|\)$/g, '')
    .trim();
  return { code: 'usage.invalid', message, mend: hint === '' ? 'See muster --help.' : `${hint} See muster --help.` };
}

const helpCodes = new Set(['commander.help', 'commander.helpDisplayed', 'commander.version']);

/** The whole command line; what a command comes to goes to `finish`. */
function createProgram(surroundings: Surroundings, finish: Finish): Command {
  const { stdout, stderr } = surroundings;
  const program = new Command('muster')
    .description('Picks nodes of a fleet by what they are, runs actions on them, and shows the answers.')
    .version(`muster ${surroundings.version}`, '-V, --version', 'print the version')
    .option('--profile <name>', 'one of your fleets, see `muster profile`')
    .helpOption('-h, --help', 'this text; also of each command: muster rpc --help')
    .exitOverride()
    // So that a command may have a --version of its own.
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: () => undefined,
      getOutHelpWidth: () => stdout.columns,
      getErrHelpWidth: () => stderr.columns,
      getOutHasColors: () => stdout.colours,
      getErrHasColors: () => stderr.colours,
    })
    .addHelpText(
      'after',
      `
Examples:
  muster ping                                      who is there
  muster find -F os.family=Debian -C /^role::web/  which nodes are Debian and web servers
  muster rpc rpcutil get_fact fact=kernel -I web1  run an action on one node
  muster facts os.family                           how often each value occurs
  muster runs list                                 what was asked before

Exit codes: 0 all is well; 1 error, or nothing found; 2 an answer was a failure; 3 nodes were found and none
answered; 4 nobody had to be looked for and nobody answered; 5 the run was stopped or cancelled; 130 interrupted.`,
    );
  addFleetCommands(program, surroundings, finish);
  addApplications(program, surroundings, finish);
  addShellCommands(program, surroundings, finish);
  addTaskCommands(program, surroundings, finish);
  addRunsCommands(program, surroundings, finish);
  addSelectionCommands(program, surroundings, finish);
  addRecipeCommands(program, surroundings, finish);
  addPuppetCommands(program, surroundings, finish);
  addScheduleCommands(program, surroundings, finish);
  addNotifyCommands(program, surroundings, finish);
  addAuditCommands(program, surroundings, finish);
  addEvidenceCommands(program, surroundings, finish);
  addAuthorityCommands(program, surroundings, finish);
  addJoinCommands(program, surroundings, finish);
  addKeyCommands(program, surroundings, finish);
  addProfileCommands(program, surroundings, finish);
  addDatabaseCommands(program, surroundings, finish);
  addFilterCommands(program, surroundings, finish);
  addPolicyCommands(program, surroundings, finish);
  addPluginCommands(program, surroundings, finish);
  addCompletionCommand(program, surroundings, finish);
  return program;
}

/**
 * Runs one command line (without the names of node and script) and gives its exit code. Never rejects: what goes wrong is
 * said on STDERR, or with `--json` and `--jsonl` on STDOUT.
 */
export async function runMuster(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { stdout, stderr } = surroundings;
  // `policy publish` runs an action, and ends as all that do.
  const command = args.slice(0, 2).join(' ');
  const judges =
    args[0] === 'filter' || (args[0] === 'policy' && command !== 'policy publish') || command === 'runs compare';
  const asked = args.some((arg) => arg === '--json' || /^-[gjvy1]*j[gjvy1]*$/.test(arg));
  const jsonl = args.includes('--jsonl');
  const json = asked || ['filter match', 'policy check'].includes(command);
  let code: number = exitCodes.ok;
  const report = (fault: Fault, about?: string) => {
    reportFault(fault, { form: jsonl ? 'jsonl' : json ? 'json' : 'text', about, stdout, stderr });
    code = fault.code === 'run.interrupted' ? exitCodes.interrupted : judges ? exitCodes.judgingError : exitCodes.error;
  };
  const finish: Finish = (outcome, about) => {
    if (outcome.ok) code = outcome.value;
    else report(outcome.error, about?.(outcome.error));
  };
  try {
    const chosen: ChosenFleet & Surroundings = { ...surroundings, env: { ...surroundings.env } };
    const program = createProgram(chosen, finish);
    program.hook('preAction', async (_program, action) =>
      unwrap(await useProfile(program, action, surroundings, chosen)),
    );
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) report(faultFrom(error));
    else if (!helpCodes.has(error.code)) report(usageFault(error));
    else if (error.exitCode !== 0) code = judges ? exitCodes.judgingError : exitCodes.error;
  }
  return code;
}
