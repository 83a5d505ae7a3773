import { requiredText, textOf, type ActionCall, type ModuleAction } from '../../api/index.ts';
import { expectSuccess, providerOf, valueOf } from './provider-of.ts';
import type { CommandEnd, PackageProvider, PackageState } from './providers/index.ts';

/** Puts a state into the reply, in place of an earlier one. */
function show(call: ActionCall, state: PackageState): void {
  const { name, ensure, epoch, version, release, arch, provider, output } = state;
  Object.assign(call.reply, { name, ensure, epoch, version, release, arch, provider, output });
}

async function lookAt(call: ActionCall, provider: PackageProvider, name: string): Promise<PackageState> {
  const state = valueOf(call, await provider.status(name));
  show(call, state);
  return state;
}

/** Answers with what a command has made of a package, whether it went well or not. */
async function finish(
  call: ActionCall,
  provider: PackageProvider,
  name: string,
  end: CommandEnd,
): Promise<PackageState> {
  const state = await lookAt(call, provider, name);
  call.reply['output'] = end.output;
  expectSuccess(call, provider, end);
  return state;
}

export const status: ModuleAction = async (call) => {
  await lookAt(call, await providerOf(call), requiredText(call.request.inputs, 'package'));
};

export const install: ModuleAction = async (call) => {
  const provider = await providerOf(call);
  const { inputs } = call.request;
  const name = requiredText(inputs, 'package');
  const version = textOf(inputs, 'version');
  const before = await lookAt(call, provider, name);
  if (before.presence === 'whole' && version === undefined) call.fail('Package is already installed');
  const after = await finish(call, provider, name, valueOf(call, await provider.install(name, version)));
  if (after.presence !== 'whole') call.fail(`${provider.name} ended well, but ${name} is not installed`);
};

export const update: ModuleAction = async (call) => {
  const provider = await providerOf(call);
  const name = requiredText(call.request.inputs, 'package');
  const before = await lookAt(call, provider, name);
  if (before.ensure === 'absent') call.fail('Package is not present on the system');
  await finish(call, provider, name, await provider.update(name));
};

/** Removes a package, as far as it is there. */
const removal =
  (how: 'uninstall' | 'purge', isThere: (state: PackageState) => boolean): ModuleAction =>
  async (call) => {
    const provider = await providerOf(call);
    const name = requiredText(call.request.inputs, 'package');
    if (!isThere(await lookAt(call, provider, name))) call.fail('Package is not present on the system');
    const after = await finish(call, provider, name, await provider[how](name));
    if (after.ensure !== 'absent') call.fail(`${provider.name} ended well, but ${name} is still installed`);
  };

export const uninstall = removal('uninstall', ({ ensure }) => ensure !== 'absent');
export const purge = removal('purge', ({ presence }) => presence !== 'none');
