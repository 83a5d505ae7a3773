import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashOf, requiredText, textOf, type ActionCall, type CommandResult } from '../../api/index.ts';
import {
  managedResources,
  placeOptions,
  puppetCommand,
  resourceTypeName,
  type PuppetSettings,
} from '../../puppet/index.ts';
import { typePattern } from './ddl.ts';
import { resourceManifest } from './manifest.ts';
import { deniedBecause } from './resource-rights.ts';
import { puppetHere } from './surroundings.ts';

/** Bits of the exit code that `--detailed-exitcodes` gives. */
const changedBit = 2;
const failedBit = 4;

/** What Puppet keeps of a run, in a folder that is thrown away: the node's own summary and state stay as they are. */
const scratchFiles = ['lastrunfile', 'lastrunreport', 'statefile', 'transactionstorefile'];

const remarks = /^(Notice: (Compiled|Applied) catalog |Error: Facter: )/;

/** What Puppet said of the resource: notices, warnings, errors and differences; none of its remarks on the run. */
const spoken = ({ stdout, stderr }: CommandResult): readonly string[] =>
  `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '' && !remarks.test(line));

function applyManifest(
  call: ActionCall,
  settings: PuppetSettings,
  parts: { readonly folder: string; readonly manifest: string; readonly environment: string | undefined },
): Promise<CommandResult> {
  const { folder, manifest, environment } = parts;
  const [program, ...words] = puppetCommand(settings);
  return call.run(program, [
    ...[...words, 'apply', '--color=false', '--show_diff', '--detailed-exitcodes', '--no-noop', '--no-report'],
    ...placeOptions(settings),
    ...(settings.modulepath === undefined ? [] : ['--modulepath', settings.modulepath]),
    ...(environment === undefined ? [] : ['--environment', environment]),
    ...scratchFiles.flatMap((file) => [`--${file}`, join(folder, file)]),
    manifest,
  ]);
}

function tell(call: ActionCall, resource: string, result: CommandResult): void {
  const code = result.exitCode ?? 1;
  const lines = spoken(result);
  call.reply['changed'] = code > 0 && (code & changedBit) !== 0;
  call.reply['result'] = lines.length === 0 ? 'no output produced' : lines.join('\n');
  if (code === 0 || (code > 0 && (code & changedBit) !== 0 && (code & failedBit) === 0)) return;
  const error = lines.findLast((line) => line.startsWith('Error: ')) ?? lines.at(-1) ?? `exit code ${code}`;
  call.fail(`Could not apply ${resource}: ${error.replace(/^Error: /, '')}`);
}

/** Brings one resource into a state, apart from Puppet's own runs. */
export async function resource(call: ActionCall): Promise<void> {
  const { inputs } = call.request;
  const asked = requiredText(inputs, 'type');
  // It stands in the manifest as it is, so it is looked at here, too.
  if (!new RegExp(typePattern).test(asked)) call.fail(`Invalid type '${asked}'`);
  const type = resourceTypeName(asked);
  const name = requiredText(inputs, 'name');
  const properties = hashOf(inputs, 'properties') ?? {};
  const odd = Object.keys(properties).find((property) => !/^[a-z]\w*$/.test(property));
  if (odd !== undefined) call.fail(`Invalid property '${odd}'`);
  const { settings, files } = await puppetHere(call);
  const denied = deniedBecause(settings, type, name);
  if (denied !== undefined) call.fail(denied);
  const isManaged = (await managedResources(files)).has(`${type}[${name}]`.toLowerCase());
  if (isManaged && !settings.resource_allow_managed_resources) {
    call.fail(`Puppet is managing the resource '${type}[${name}]', refusing to create conflicting states`);
  }
  const folder = await mkdtemp(join(call.stateFolder, 'resource-'));
  try {
    const manifest = join(folder, 'resource.pp');
    await writeFile(manifest, resourceManifest(type, name, properties), { mode: 0o600 });
    const result = await applyManifest(call, settings, {
      folder,
      manifest,
      environment: textOf(inputs, 'environment'),
    });
    tell(call, `${type}[${name}]`, result);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
