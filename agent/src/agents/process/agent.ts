import { compileRegex, regexMatcher } from '@muster/protocol/filter';
import { accountNames } from '../../accounts/index.ts';
import { booleanOf, textOf, type ActionCall, type AgentModule } from '../../api/index.ts';
import { processTable, type ProcessRecord } from '../../processes/index.ts';

/** The pattern as a test; every command line passes where there is none. */
function patternOf({ request, fail }: ActionCall): (commandLine: string) => boolean {
  const pattern = textOf(request.inputs, 'pattern');
  if (pattern === undefined) return () => true;
  const compiled = compileRegex(regexMatcher(pattern));
  return compiled.ok ? compiled.value : fail(compiled.error.message);
}

const total = (records: readonly ProcessRecord[], name: 'rss' | 'vsize'): number =>
  records.reduce((sum, record) => sum + record[name], 0);

async function list(call: ActionCall): Promise<void> {
  const { inputs } = call.request;
  const matches = patternOf(call);
  const justZombies = booleanOf(inputs, 'just_zombies') === true;
  const user = textOf(inputs, 'user');
  const table = await processTable();
  const names = await accountNames(call.run, [...new Set(table.map(({ uid }) => uid))]);
  const found = table
    .map((record) => ({ ...record, username: names.get(record.uid) ?? String(record.uid) }))
    .filter(
      ({ cmdline, state, username }) =>
        matches(cmdline) && (!justZombies || state === 'Z') && (user === undefined || username === user),
    );
  Object.assign(call.reply, {
    pslist: found,
    processes: found.length,
    rss: total(found, 'rss'),
    vsize: total(found, 'vsize'),
  });
}

const process: AgentModule = { actions: { list } };
export default process;
