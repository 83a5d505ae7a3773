import { validateInput } from '@muster/protocol/ddl';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import type { Clock } from '@muster/runtime/effects';
import type { NodeView } from '../node/index.ts';
import type { DataOutputs, DataPlugin } from './data-plugin.ts';
import { createRunCommand } from '../processes/index.ts';
import { withinLimit } from './time-limit.ts';

function checkQuestion(plugin: DataPlugin, argument: string): Result<null> {
  const { name, query } = plugin.ddl;
  if (query === null) {
    return argument === '' ? ok(null) : fail('request.invalid_input', `Data plugin '${name}' takes no question`);
  }
  if (argument === '') {
    return query.optional ? ok(null) : fail('request.invalid_input', `Data plugin '${name}' needs a question`);
  }
  return validateInput('query', query, argument);
}

/**
 * Asks a data plugin, within its time limit.
 *
 * Errors: `request.invalid_input` when the question does not fit, `filter.data_failed` when the plugin throws or is late.
 */
export async function queryData(
  plugin: DataPlugin,
  argument: string,
  tools: { readonly node: NodeView; readonly clock: Clock; readonly stop?: AbortSignal },
): Promise<Result<DataOutputs>> {
  const checked = checkQuestion(plugin, argument);
  if (!checked.ok) return checked;
  try {
    const { node, clock, stop } = tools;
    return ok(
      await withinLimit(plugin.ddl.timeout * 1000, stop, (signal) => {
        const { settingsName } = plugin;
        const settings = node.pluginSettings(settingsName);
        const stateFolder = () => node.stateFolder(settingsName);
        return plugin.query(argument, { node, clock, signal, settings, stateFolder, run: createRunCommand(signal) });
      }),
    );
  } catch (thrown) {
    return fail('filter.data_failed', `Data plugin '${plugin.ddl.name}' failed: ${faultFrom(thrown).message}`);
  }
}
