import { pathToFileURL } from 'node:url';
import { readAgentDdl, type AgentDdl } from '@muster/protocol/ddl';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { readSmallFile } from '@muster/runtime/config';
import { externalActions, wantsActivation, type ExternalSurroundings } from '../external/index.ts';
import { TimeLimitError, withinLimit, type AgentPlugin } from '../plugins/index.ts';
import type { FoundAgent } from './find-agents.ts';
import { moduleActions, moduleWantsActivation, type LoadedModule, type ModuleSurroundings } from './isolated-agent.ts';
import { toCfg, type PluginSettings } from './plugin-settings.ts';

/** An agent of a plugin folder that is ready, or the word that it does not want to be active. */
export type LoadedFound = Omit<AgentPlugin, 'gate'> | 'inactive';

/** How long a module may think about its activation, in milliseconds. */
const activationMs = 5_000;

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
  surroundings: ModuleSurroundings,
): Promise<Result<LoadedFound>> {
  const module: LoadedModule = { ddl, url: moduleUrl(found), settings: settings.own };
  const plugin = { ddl, actions: moduleActions(module, surroundings), open: false, immediate: false };
  if (settings.activate !== undefined) return ok(settings.activate ? plugin : 'inactive');
  try {
    const wish = await withinLimit(activationMs, undefined, (signal) =>
      moduleWantsActivation(module, surroundings, signal),
    );
    if (typeof wish === 'string') return fail('config.invalid', `${found.program} cannot be used: ${wish}`);
    return ok(wish ? plugin : 'inactive');
  } catch (thrown) {
    if (!(thrown instanceof TimeLimitError)) throw thrown;
    return fail('config.invalid', `${found.program} did not say within ${activationMs / 1000} s whether it is active`);
  }
}

async function loadProgram(
  ddl: AgentDdl,
  found: FoundAgent,
  settings: PluginSettings,
  surroundings: ExternalSurroundings,
): Promise<Result<LoadedFound>> {
  const external = { agent: ddl.name, program: found.program, configText: toCfg(settings.own) };
  const active = settings.activate ?? (await wantsActivation(external, surroundings));
  return ok(
    active ? { ddl, actions: externalActions(ddl, external, surroundings), open: false, immediate: false } : 'inactive',
  );
}

/**
 * Loads an agent of a plugin folder and asks it, unless its settings say, whether it wants to be active.
 *
 * Errors: `config.*` for a description or a module that cannot be used.
 */
export async function loadFound(
  found: FoundAgent,
  settings: PluginSettings,
  surroundings: { readonly module: ModuleSurroundings; readonly external: ExternalSurroundings },
): Promise<Result<LoadedFound>> {
  const ddl = await readDdl(found);
  if (!ddl.ok) return ddl;
  return found.kind === 'module'
    ? loadModule(ddl.value, found, settings, surroundings.module)
    : loadProgram(ddl.value, found, settings, surroundings.external);
}
