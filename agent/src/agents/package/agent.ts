import { createHash } from 'node:crypto';
import { requiredText, textOf, type ActionCall, type AgentModule, type ModuleAction } from '../../api/index.ts';
import { install, purge, status, uninstall, update } from './change-package.ts';
import { expectSuccess, providerOf, valueOf } from './provider-of.ts';
import type { CommandEnd, PackageProvider } from './providers/index.ts';

/** Most packages that one answer holds. */
const mostFound = 1000;

/** Answers with something about all installed packages. */
const listing =
  (tell: (lines: readonly string[]) => unknown): ModuleAction =>
  async (call) => {
    const { exitCode, lines, output } = await (await providerOf(call)).list();
    call.reply['exitcode'] = exitCode;
    if (exitCode !== 0) call.fail(`The installed packages cannot be listed: ${output.trim()}`);
    call.reply['output'] = tell(lines);
  };

/** The same on every node with the same packages, whatever the order in which they are listed. */
function digestOf(lines: readonly string[]): string {
  const sorted = lines.map((line) => Buffer.from(`${line}\n`)).sort((left, right) => left.compare(right));
  return createHash('md5').update(Buffer.concat(sorted)).digest('hex');
}

function showEnd({ reply }: ActionCall, { exitCode, output }: CommandEnd): void {
  reply['output'] = output;
  reply['exitcode'] = exitCode;
}

async function updates(call: ActionCall, provider: PackageProvider): Promise<void> {
  const { packages, isFailure, ...end } = await provider.outdated();
  showEnd(call, end);
  if (isFailure) call.fail(`${provider.name} cannot say what could be updated: ${end.output.trim().slice(-500)}`);
  call.reply['outdated_packages'] = packages;
}

/** Ends an action that is of one package manager on a node that has another one. */
async function providerAmong(call: ActionCall, names: readonly string[]): Promise<PackageProvider> {
  const provider = await providerOf(call);
  if (!names.includes(provider.name)) {
    call.fail(`This node's packages are looked after by ${provider.name}, not by ${names.join(' or ')}`);
  }
  return provider;
}

const yumFamily = ['yum', 'dnf'];

async function refreshWith(call: ActionCall, provider: PackageProvider): Promise<void> {
  const end = await provider.refresh();
  showEnd(call, end);
  expectSuccess(call, provider, end);
}

const aptUpdate: ModuleAction = async (call) => {
  const provider = await providerAmong(call, ['apt']);
  await refreshWith(call, provider);
  const { packages, isFailure } = await provider.outdated();
  if (!isFailure) call.reply['outdated_packages'] = packages;
};

const yumClean: ModuleAction = async (call) => {
  const provider = await providerAmong(call, yumFamily);
  const mode = textOf(call.request.inputs, 'mode') ?? textOf(call.settings, 'yum_clean_mode') ?? 'all';
  const end = await provider.clean?.(mode);
  if (end === undefined) return;
  showEnd(call, end);
  expectSuccess(call, provider, end);
};

const search: ModuleAction = async (call) => {
  const provider = await providerOf(call);
  const found = valueOf(call, await provider.search(requiredText(call.request.inputs, 'package')));
  call.reply['package_count'] = found.length;
  call.reply['available_packages'] = found.length > mostFound ? [] : found;
  if (found.length > mostFound)
    call.fail(`${found.length} packages fit, of which at most ${mostFound} are told: say more`);
};

const agent: AgentModule = {
  actions: {
    install,
    update,
    uninstall,
    purge,
    status,
    search,
    count: listing((lines) => lines.length),
    md5: listing(digestOf),
    yum_clean: yumClean,
    apt_update: aptUpdate,
    yum_checkupdates: async (call) => updates(call, await providerAmong(call, yumFamily)),
    apt_checkupdates: async (call) => updates(call, await providerAmong(call, ['apt'])),
    checkupdates: async (call) => {
      const provider = await providerOf(call);
      call.reply['package_manager'] = provider.name;
      await updates(call, provider);
    },
    refresh: async (call) => refreshWith(call, await providerOf(call)),
  },
};
export default agent;
