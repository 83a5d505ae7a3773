import { pathToFileURL } from 'node:url';
import { readAgentDdl, type AgentDdl } from '@muster/protocol/ddl';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { readSmallFile } from '@muster/runtime/config';
import { externalActions, wantsActivation, type ExternalSurroundings } from '../external/index.ts';
import { TimeLimitError, withinLimit, type AgentPlugin } from '../plugins/index.ts';
import type { FoundAgent } from './find-agents.ts';
import { moduleActions, moduleWantsActivation, type LoadedModule, type ModuleSurroundings } from './isolated-agent.ts';
import { toCfg, type PluginSettings } from './plugin-settings.ts';

/** An agent of a plugin folder that is ready, or the word that it does not want to be active, or has not said yet. */
export type LoadedFound = Omit<AgentPlugin, 'gate'> | 'inactive' | 'unanswered';

export interface FoundSurroundings {
  readonly module: ModuleSurroundings;
  readonly external: ExternalSurroundings;
  /** How long an agent may think about its activation before the node goes on without it, in milliseconds. */
  readonly activationMs: number;
}

/** Asks an agent whether it wants to be active. */
async function asked<T>(limitMs: number, ask: (signal: AbortSignal) => Promise<T>): Promise<T | 'unanswered'> {
  try {
    return await withinLimit(limitMs, undefined, ask);
  } catch (thrown) {
    if (thrown instanceof TimeLimitError) return 'unanswered';
    throw thrown;
  }
}

/** The description beside an agent's code. Errors: `config.*`, with the file. */
async function readDdl({ ddlFile, name }: FoundAgent): Promise<Result<AgentDdl>> {
  const text = await readSmallFile(ddlFile);
  if (!text.ok) return text;
  let json: unknown;
  try {
    json = JSON.parse(text.value);
  } catch (thrown) {
    return fail('config.syntax', `${ddlFile}: ${faultFrom(thrown).message}`);
  }
  const ddl = readAgentDdl(json);
  if (!ddl.ok) return fail('config.invalid', `${ddlFile}: ${ddl.error.message}`);
  return ddl.value.ddl.name === name
    ? ok(ddl.value.ddl)
    : fail('config.invalid', `${ddlFile} describes the agent ${ddl.value.ddl.name}, not ${name}`);
}

/** A module as it is now: another URL for each version of the file, since a process loads a URL once. */
const moduleUrl = ({ program, stamp }: FoundAgent): string =>
  `${pathToFileURL(program).href}?${new URLSearchParams({ stamp }).toString()}`;

async function loadModule(
  ddl: AgentDdl,
  found: FoundAgent,
  settings: PluginSettings,
  { module: surroundings, activationMs }: FoundSurroundings,
): Promise<Result<LoadedFound>> {
  const module: LoadedModule = { ddl, url: moduleUrl(found), settings: settings.own };
  const plugin = { ddl, actions: moduleActions(module, surroundings), open: false, immediate: false };
  if (settings.activate !== undefined) return ok(settings.activate ? plugin : 'inactive');
  const wish = await asked(activationMs, (signal) => moduleWantsActivation(module, surroundings, signal));
  if (typeof wish === 'boolean') return ok(wish ? plugin : 'inactive');
  return wish === 'unanswered' ? ok(wish) : fail('config.invalid', `${found.program} cannot be used: ${wish.reason}`);
}

async function loadProgram(
  ddl: AgentDdl,
  found: FoundAgent,
  settings: PluginSettings,
  { external: surroundings, activationMs }: FoundSurroundings,
): Promise<Result<LoadedFound>> {
  const external = { agent: ddl.name, program: found.program, configText: toCfg(settings.own) };
  const wish =
    settings.activate ?? (await asked(activationMs, (signal) => wantsActivation(external, surroundings, signal)));
  if (typeof wish !== 'boolean') return ok(wish);
  return ok(
    wish ? { ddl, actions: externalActions(ddl, external, surroundings), open: false, immediate: false } : 'inactive',
  );
}

/**
 * Loads an agent of a plugin folder and asks it, unless its settings say, whether it wants to be active. One that takes
 * too long to say so is `unanswered`: on a node that has much to do it may say more the next time.
 *
 * Errors: `config.*` for a description or a module that cannot be used.
 */
export async function loadFound(
  found: FoundAgent,
  settings: PluginSettings,
  surroundings: FoundSurroundings,
): Promise<Result<LoadedFound>> {
  const ddl = await readDdl(found);
  if (!ddl.ok) return ddl;
  return found.kind === 'module'
    ? loadModule(ddl.value, found, settings, surroundings)
    : loadProgram(ddl.value, found, settings, surroundings);
}
