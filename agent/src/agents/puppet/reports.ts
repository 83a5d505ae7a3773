import { booleanOf, type ActionCall } from '../../api/index.ts';
import {
  describeState,
  managedResources,
  readLastRun,
  readPuppetState,
  readReportLogs,
  typeDistribution,
} from '../../puppet/index.ts';
import { puppetHere } from './surroundings.ts';

/** Tells how Puppet fares. It is asked often, so it only reads files. */
export async function status(call: ActionCall): Promise<void> {
  const { files } = await puppetHere(call);
  const state = await readPuppetState(files, call.clock());
  Object.assign(call.reply, state, { message: describeState(state) });
}

/** Tells what the last run did. */
export async function lastRunSummary(call: ActionCall): Promise<void> {
  const { files } = await puppetHere(call);
  const { figures, summary } = await readLastRun(files);
  Object.assign(call.reply, figures, {
    summary,
    since_lastrun: Math.max(0, Math.floor(call.clock() / 1000) - figures.lastrun),
    type_distribution: typeDistribution(await managedResources(files)),
    logs: booleanOf(call.request.inputs, 'logs') === true ? await readReportLogs(files) : [],
  });
}
