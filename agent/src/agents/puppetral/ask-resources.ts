import type { ActionCall } from '../../api/index.ts';
import { placeOptions, puppetCommand, type PuppetSettings } from '../../puppet/index.ts';

/** A resource, or all of a type. */
export interface Question {
  readonly type: string;
  readonly title?: string;
}

/** Most that Puppet may say, in bytes: somewhat as much as an answer holds. */
const mostBytes = 1024 * 1024;

/** Why Puppet gave up, in its own words. What it says of facts on the way is no reason. */
function reasonOf(stderr: string): string | undefined {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('Error: Facter: '));
  const error = lines.findLast((line) => line.startsWith('Error: ')) ?? lines.at(-1);
  return error?.replace(/^Error: (Could not run: )?/, '');
}

/** Has Puppet look at the node, and gives its YAML. Ends the action with the reason when Puppet cannot. */
export async function askResources(
  call: ActionCall,
  settings: PuppetSettings,
  { type, title }: Question,
): Promise<string> {
  const [program, ...words] = puppetCommand(settings);
  const { exitCode, stdout, stderr, isCut } = await call.run(
    program,
    [
      ...[...words, 'resource', '--to_yaml', '--color=false'],
      ...placeOptions(settings),
      ...(settings.modulepath === undefined ? [] : ['--modulepath', settings.modulepath]),
      type,
      ...(title === undefined ? [] : [title]),
    ],
    { maxOutputBytes: mostBytes },
  );
  if (exitCode !== 0) return call.fail(reasonOf(stderr) ?? `Puppet failed with exit code ${exitCode}`);
  if (isCut) return call.fail(`What Puppet says of ${type} is longer than ${mostBytes} bytes`);
  return stdout;
}
