import type { PluginDdl } from '@muster/protocol/ddl';
import { isSecretItem } from '../../configuration/index.ts';
import { factAt } from '../../facts/index.ts';
import { abort, defineAgent, queryData, type Action } from '../../plugins/index.ts';
import { rpcutilDdl } from './ddl.ts';

/** An input that the DDL declares as a required string. */
const text = (inputs: Readonly<Record<string, unknown>>, name: string): string => {
  const value = inputs[name];
  return typeof value === 'string' ? value : '';
};

const ping: Action = (_request, { clock }) => ({ pong: Math.floor(clock() / 1000) });

const collectiveInfo: Action = (_request, { node }) => ({
  main_collective: node.collectives[0],
  collectives: node.collectives,
});

const inventory: Action = async (_request, { node }) => ({
  agents: [...node.agents.keys()],
  facts: await node.facts(),
  classes: await node.classes(),
  version: node.version,
  main_collective: node.collectives[0],
  collectives: node.collectives,
  data_plugins: [...node.dataPlugins.keys()],
  digests: await node.digests(),
});

/** A round trip through JSON leaves out what a description does not set. */
const whole = (ddl: PluginDdl): unknown => JSON.parse(JSON.stringify(ddl));

const agentInventory: Action = (_request, { node }) => ({
  agents: [...node.agents.values()].map((ddl) => {
    const { name, license, timeout, description, version, author, url } = ddl;
    return { agent: name, license, timeout, description, version, author, url, ddl: whole(ddl) };
  }),
  data_plugins: [...node.dataPlugins.values()].map(({ ddl }) => whole(ddl)),
});

const getFact: Action = async ({ inputs }, { node }) => {
  const fact = text(inputs, 'fact');
  return { fact, value: factAt(await node.facts(), fact) ?? null };
};

const getFacts: Action = async ({ inputs }, { node }) => {
  const facts = await node.facts();
  const names = text(inputs, 'facts')
    .split(',')
    .map((name) => name.trim());
  return { values: Object.fromEntries(names.map((name) => [name, factAt(facts, name) ?? null])) };
};

const daemonStats: Action = (_request, { node }) => {
  const { user, system } = process.cpuUsage();
  return {
    threads: node.running(),
    agents: [...node.agents.keys()],
    pid: process.pid,
    times: { utime: user / 1e6, stime: system / 1e6, cutime: 0, cstime: 0 },
    memory: process.memoryUsage.rss(),
    starttime: Math.floor(node.startedAtMs / 1000),
    configfile: node.configFile,
    version: node.version,
    ...node.counters,
  };
};

const getConfigItem: Action = ({ inputs }, { node }) => {
  const item = text(inputs, 'item');
  if (isSecretItem(item)) return abort(`Config property ${item} is a secret and is not given out`);
  const value = factAt(node.settings, item);
  return value === undefined ? abort(`Unknown config property ${item}`) : { item, value };
};

const getData: Action = async ({ inputs }, { node, clock, signal }) => {
  const source = text(inputs, 'source');
  const plugin = node.dataPlugins.get(source);
  if (plugin === undefined) return abort(`Unknown data plugin '${source}'`);
  const query = text(inputs, 'query');
  const outputs = await queryData(plugin, query, { node, clock, stop: signal });
  if (!outputs.ok) return abort(outputs.error.message);
  return Object.keys(outputs.value).length === 0
    ? abort(`Data plugin '${source}' knows nothing of '${query}'`)
    : outputs.value;
};

/** General information about a node. */
export const rpcutil = defineAgent(rpcutilDdl, {
  ping,
  inventory,
  agent_inventory: agentInventory,
  get_fact: getFact,
  get_facts: getFacts,
  daemon_stats: daemonStats,
  collective_info: collectiveInfo,
  get_config_item: getConfigItem,
  get_data: getData,
});
