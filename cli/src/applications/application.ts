import type { Command } from 'commander';
import type { Result } from '@muster/protocol/errors';
import { runAction, type ActionOrder } from '../commands/run-action.ts';
import { completeInputs } from '../options/inputs.ts';
import { addActionFlags, faultyRunText, type RunFlags } from '../options/run-flags.ts';
import type { Finish } from '../program.ts';
import type { Surroundings } from '../surroundings.ts';

/** What one command line of an application comes to. */
export interface Plan extends Pick<ActionOrder, 'view' | 'caution'> {
  readonly action: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** A command that runs the actions of one agent in words of its own, as MCollective's application of that name does. */
export interface Application<Flags extends RunFlags> {
  /** Of the command and of the agent. */
  readonly name: string;
  readonly description: string;
  /** The words after the name, as the help shows them, and what they mean. */
  readonly words: { readonly syntax: string; readonly meaning: string };
  readonly examples: readonly string[];
  /** Flags beside those of every run. */
  readonly addFlags?: (command: Command) => void;
  /** Errors: `usage.invalid`. */
  readonly plan: (words: readonly string[], flags: Flags) => Result<Plan>;
}

/** Adds the command of an application. */
export function addApplication<Flags extends RunFlags>(
  program: Command,
  application: Application<Flags>,
  surroundings: Surroundings,
  finish: Finish,
): void {
  const { name, description, words, examples } = application;
  const command = program
    .command(name)
    .description(description)
    .usage(`[options] ${words.syntax}`)
    .argument('[words...]', words.meaning)
    .action(async (given: string[], flags: Flags) => {
      const plan = application.plan(given, flags);
      if (!plan.ok) return finish(plan);
      const { inputs, ...rest } = plan.value;
      const order: ActionOrder = { ...rest, agent: name, inputs: (action) => completeInputs(action, inputs) };
      return finish(await runAction(order, flags, surroundings), (fault) => faultyRunText(flags, fault));
    });
  application.addFlags?.(command);
  addActionFlags(command);
  command.addHelpText('after', `\nExamples:\n${examples.map((line) => `  ${line}\n`).join('')}`);
}
