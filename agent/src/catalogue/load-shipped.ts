import { fail, ok, type Result } from '@muster/protocol/errors';
import type { AgentPlugin, DataPlugin } from '../plugins/index.ts';
import { findProgram } from '../processes/index.ts';
import { moduleActions, type ModuleSurroundings } from './isolated-agent.ts';
import type { PluginSettings } from './plugin-settings.ts';
import type { ShippedAgent } from './shipped-agent.ts';

/** A shipped agent with the settings of this node. Errors: `config.invalid` for settings that it does not take. */
export async function loadShipped(
  shipped: ShippedAgent,
  settings: PluginSettings,
  surroundings: ModuleSurroundings,
): Promise<Result<Omit<AgentPlugin, 'gate'> | 'inactive'>> {
  const { ddl, module, settingsName } = shipped;
  const own = shipped.settings.safeParse(settings.own);
  if (!own.success) {
    const [issue] = own.error.issues;
    const where = issue?.path.map(String).join('.') ?? '';
    return fail(
      'config.invalid',
      `plugin.d/${settingsName}.yaml: ${where === '' ? '' : `"${where}": `}${issue?.message ?? ''}`,
    );
  }
  const active = settings.activate ?? (await shipped.activate({ settings: own.data, findProgram }));
  if (!active) return ok('inactive');
  return ok({
    ddl,
    actions: moduleActions({ ddl, url: module, settings: own.data, stateOf: settingsName }, surroundings),
    open: false,
    immediate: false,
  });
}

/** The data plugins that are of use on this node. `decide`: those that decide for themselves may. */
export async function activeData(
  plugins: readonly DataPlugin[],
  settingsOf: (name: string) => PluginSettings,
  decide: boolean,
): Promise<readonly DataPlugin[]> {
  const active: DataPlugin[] = [];
  for (const plugin of plugins) {
    const { activate, own } = settingsOf(plugin.settingsName);
    const wants = async () =>
      plugin.activate === undefined || (decide && (await plugin.activate({ settings: own, findProgram })));
    if (activate ?? (await wants())) active.push(plugin);
  }
  return active;
}
