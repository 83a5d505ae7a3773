import type { Engine } from '@muster/client/engine';
import type { AgentDdl, DataDdl } from '@muster/protocol/ddl';
import { pluginHtml, pluginMarkdown, pluginText } from '@muster/protocol/ddl-docs';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { cleanJson, cleanLine, cleanText } from '../output/clean-text.ts';
import { table } from '../output/columns.ts';
import { exitCodes } from '../output/exit-code.ts';
import { createPalette } from '../output/palette.ts';
import type { Surroundings, TextSink } from '../surroundings.ts';
import { readDdlFile } from './read-ddl-file.ts';
import { withEngine } from './with-engine.ts';

export const docFormats = ['text', 'markdown', 'html'] as const;

export interface PluginListFlags {
  readonly home?: string;
  readonly json?: true;
}
export interface PluginDocFlags extends PluginListFlags {
  readonly format: (typeof docFormats)[number];
  readonly file?: string;
}

/** A plugin as the fleet has it. */
interface FleetPlugin {
  readonly kind: 'agent' | 'data';
  /** Of the version that most nodes have. */
  readonly ddl: AgentDdl | DataDdl;
  readonly nodes: number;
  readonly versions: readonly { readonly version: string; readonly nodes: number }[];
}

/** Agents, then data plugins, each by name. */
async function fleetPlugins({ inventory }: Engine): Promise<Result<readonly FleetPlugin[]>> {
  const agents = await inventory.agents();
  if (!agents.ok) return agents;
  const data = await inventory.dataPlugins();
  if (!data.ok) return data;
  const plugins = [
    ...agents.value.map(({ ddl, nodes, versions }): FleetPlugin => ({ kind: 'agent', ddl, nodes, versions })),
    ...data.value.flatMap(({ versions }): FleetPlugin[] => {
      const [most] = versions;
      if (most === undefined) return [];
      return [
        {
          kind: 'data',
          ddl: most.ddl,
          nodes: versions.reduce((sum, { nodes }) => sum + nodes, 0),
          versions: versions.map(({ ddl, nodes }) => ({ version: ddl.version, nodes })),
        },
      ];
    }),
  ];
  return ok(
    plugins.sort((a, b) => (a.kind === b.kind ? (a.ddl.name < b.ddl.name ? -1 : 1) : a.kind < b.kind ? -1 : 1)),
  );
}

/** A version alone, or each with its nodes. */
const versionsText = (versions: FleetPlugin['versions']): string =>
  versions.length === 1
    ? (versions[0]?.version ?? '')
    : versions.map(({ version, nodes }) => `${version} (${nodes})`).join(', ');

function printList(plugins: readonly FleetPlugin[], { json }: PluginListFlags, stdout: TextSink): void {
  if (json === true) {
    const listed = plugins.map(({ kind, ddl, nodes, versions }) => {
      return { kind, name: ddl.name, description: ddl.description, nodes, versions };
    });
    stdout.write(`${cleanJson(listed, 1)}\n`);
  } else if (plugins.length === 0) stdout.write('No plugins are known. muster inventory --refresh asks the fleet.\n');
  else {
    const rows = plugins.map(({ kind, ddl, nodes, versions }) =>
      [`${kind}/${ddl.name}`, versionsText(versions), String(nodes), ddl.description].map(cleanLine),
    );
    stdout.write(`${table(['Plugin', 'Version', 'Nodes', 'Description'], rows, ['Nodes']).join('\n')}\n`);
  }
}

/** `muster plugin list`: what the inventory knows; no node is asked. */
export const listPlugins = (flags: PluginListFlags, surroundings: Surroundings): Promise<Result<number>> =>
  withEngine(surroundings, flags, 'offline', async (engine) => {
    const plugins = await fleetPlugins(engine);
    if (!plugins.ok) return plugins;
    printList(plugins.value, flags, surroundings.stdout);
    return ok(exitCodes.ok);
  });

function choose(plugins: readonly FleetPlugin[], wanted: string): Result<FleetPlugin> {
  const [, kind, name = wanted] = /^(agent|data)\/(.*)$/.exec(wanted) ?? [];
  const [found, other] = plugins.filter((plugin) => plugin.ddl.name === name && (kind ?? plugin.kind) === plugin.kind);
  if (found === undefined) {
    return fail('agent.unknown', `The fleet has no plugin ${wanted}, as far as the inventory knows`, {
      mend: 'muster plugin list shows what there is; muster inventory --refresh asks the fleet anew.',
    });
  }
  if (other === undefined) return ok(found);
  return fail('usage.invalid', `There are an agent and a data plugin called ${name}`, {
    mend: `Say agent/${name} or data/${name}.`,
  });
}

function printDoc(ddl: AgentDdl | DataDdl, flags: PluginDocFlags, stdout: TextSink): void {
  if (flags.json === true) stdout.write(`${cleanJson(ddl, 1)}\n`);
  else if (flags.format === 'html') stdout.write(cleanText(pluginHtml(ddl)));
  else if (flags.format === 'markdown') stdout.write(cleanText(pluginMarkdown(ddl)));
  else {
    // Colours are put on after cleaning, which would take them away.
    const { bold } = createPalette(stdout.colours);
    const text = cleanText(pluginText(ddl, stdout.columns, (heading) => `\uE000${heading}\uE001`));
    stdout.write(text.replaceAll(/\uE000([^\uE001]*)\uE001/g, (_, heading: string) => bold(heading)));
  }
}

/** `muster plugin doc`: of a plugin of the fleet, or of a file; without either, the list of plugins. */
export async function documentPlugin(
  wanted: string | undefined,
  flags: PluginDocFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const { stdout } = surroundings;
  if (flags.file !== undefined) {
    if (wanted !== undefined) return fail('usage.invalid', 'Give the name of a plugin or --file, not both');
    const read = await readDdlFile(flags.file, {}, surroundings);
    if (!read.ok) return read;
    printDoc(read.value.ddl, flags, stdout);
    return ok(exitCodes.ok);
  }
  if (wanted === undefined) return listPlugins(flags, surroundings);
  return withEngine(surroundings, flags, 'offline', async (engine) => {
    const plugins = await fleetPlugins(engine);
    if (!plugins.ok) return plugins;
    const plugin = choose(plugins.value, wanted);
    if (!plugin.ok) return plugin;
    const { ddl, versions } = plugin.value;
    printDoc(ddl, flags, stdout);
    if (versions.length > 1) {
      surroundings.stderr.write(
        `The fleet has several versions; this is the most frequent: ${versionsText(versions)}.\n`,
      );
    }
    return ok(exitCodes.ok);
  });
}
