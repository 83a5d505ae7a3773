import { requiredText, textOf, type ActionCall } from '../../api/index.ts';
import { commandAs, type CommandAs } from '../../accounts/index.ts';

/** The command that is asked for: a shell with the one line, as whoever is asked for. Fails for users that do not exist. */
export async function commandLine({ request, run, fail }: ActionCall): Promise<CommandAs> {
  const words = ['/bin/sh', '-c', '--', requiredText(request.inputs, 'command')] as const;
  const command = await commandAs(run, textOf(request.inputs, 'user'), words);
  return command.ok ? command.value : fail(command.error.message);
}
