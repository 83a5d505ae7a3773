import { statusCodes } from '@muster/protocol/messages';
import type { AgentDdl } from '@muster/protocol/ddl';
import type { HostPool, HostTask } from '../isolation/index.ts';
import { ActionFailure, neededToBegin, type Action, type ActionRequest } from '../plugins/index.ts';

/** What the actions of modules are given on this node. */
export interface ModuleSurroundings {
  readonly hosts: HostPool;
  readonly node: HostTask['node'];
  readonly factsFile: () => Promise<string>;
  /** The folder for what an agent must remember, made when it is missing. */
  readonly stateFolder: (agent: string) => Promise<string>;
}

export interface LoadedModule {
  readonly ddl: AgentDdl;
  readonly url: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Whose state folder it uses, if not its own. */
  readonly stateOf?: string;
}

async function taskOf(
  kind: HostTask['kind'],
  request: ActionRequest,
  module: LoadedModule,
  surroundings: ModuleSurroundings,
): Promise<HostTask> {
  return {
    kind,
    module: module.url,
    request,
    settings: module.settings,
    stateFolder: await surroundings.stateFolder(module.stateOf ?? module.ddl.name),
    node: surroundings.node,
    factsFile: await surroundings.factsFile(),
  };
}

/** An action that runs in a process of its own. */
const isolated =
  (module: LoadedModule, surroundings: ModuleSurroundings): Action =>
  async (request, { signal }) => {
    const task = await neededToBegin(taskOf('action', request, module, surroundings));
    const end = await surroundings.hosts.perform(task, signal);
    switch (end.kind) {
      case 'done':
        return end.data;
      case 'failed':
        return new ActionFailure(end.message, end.statusCode, end.data);
      case 'died':
        return new ActionFailure(`The process of the action ${end.how}`, statusCodes.unknownError, {});
      case 'threw':
        throw new Error(end.message);
      case 'active':
        throw new TypeError('An action was answered as if it were an activation');
    }
  };

/** All actions of a module, by name. */
export function moduleActions(module: LoadedModule, surroundings: ModuleSurroundings): ReadonlyMap<string, Action> {
  const action = isolated(module, surroundings);
  return new Map(module.ddl.actions.map(({ name }) => [name, action]));
}

/** Asks a module whether it wants to be active. Gives the reason when it cannot say. */
export async function moduleWantsActivation(
  module: LoadedModule,
  surroundings: ModuleSurroundings,
  signal: AbortSignal,
): Promise<boolean | { readonly reason: string }> {
  const { name } = module.ddl;
  const { node } = surroundings;
  const nobody = { requestId: '', caller: '', collective: '', sender: '', issuedAtMs: 0, ttlMs: 0 };
  const task = await taskOf('activation', { ...nobody, agent: name, action: '', inputs: {} }, module, surroundings);
  const end = await surroundings.hosts.perform(task, signal);
  if (end.kind === 'active') return end.active;
  if (end.kind === 'died') return { reason: `its process ${end.how}` };
  return { reason: end.kind === 'threw' ? end.message : `the module answered oddly on ${node.identity}` };
}
