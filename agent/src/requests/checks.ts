import { limits } from '@muster/protocol/envelope';
import { dataQueries, evaluateFilter, parseFilter } from '@muster/protocol/filter';
import type { Request } from '@muster/protocol/messages';
import type { Fault } from '@muster/protocol/errors';
import type { Clock } from '@muster/runtime/effects';
import type { NodeView } from '../node/index.ts';
import { DataAnswers, filterSubject, queryData } from '../plugins/index.ts';
import { refusal, type Refusal } from './refusal.ts';

const seconds = (ms: number): string => (ms / 1000).toFixed(ms % 1000 === 0 ? 0 : 1);

/** Whether the request is neither too old nor from the future, by this node's clock. */
export function checkWindow(request: Request, nowMs: number): Refusal | undefined {
  const ageMs = nowMs - request.issuedAtMs;
  if (ageMs > request.ttlMs) {
    const text = `Message ${request.requestId} from ${request.caller} is ${seconds(ageMs)} seconds old, TTL is ${seconds(request.ttlMs)}. Rejecting message.`;
    return refusal('request.expired', text);
  }
  if (-ageMs > limits.clockSkewMs) {
    const text = `Message ${request.requestId} from ${request.caller} was issued ${seconds(-ageMs)} seconds in the future: the clocks differ. Rejecting message.`;
    return refusal('request.skewed', text);
  }
  return undefined;
}

/** Whether the request is for this node's collectives and, when it names a node, for this one. */
export function checkAddress(request: Request, node: NodeView): Refusal | undefined {
  if (!node.collectives.includes(request.collective)) {
    return refusal('request.wrong_collective', `Node ${node.identity} is not in collective ${request.collective}`);
  }
  if (request.target !== null && request.target !== node.identity) {
    return refusal('sender.mismatch', `The request is for node ${request.target}, not for ${node.identity}`);
  }
  return undefined;
}

const filterRefusal = ({ code, message }: Fault): Refusal =>
  code === 'filter.data_failed' ? refusal(code, message) : refusal('filter.syntax', message);

async function gatherData(
  queries: ReturnType<typeof dataQueries>,
  node: NodeView,
  clock: Clock,
): Promise<DataAnswers | Refusal> {
  const answers = new DataAnswers();
  for (const query of queries) {
    const { plugin: name, argument } = query;
    const plugin = node.dataPlugins.get(name);
    if (plugin === undefined) continue;
    const outputs = await queryData(plugin, argument, { node, clock });
    if (!outputs.ok) {
      const { code, message } = outputs.error;
      return code === 'filter.data_failed' ? refusal(code, message) : refusal('request.invalid_input', message);
    }
    answers.take(query, { known: true, outputs: outputs.value });
  }
  return answers;
}

/** Whether a broadcast means this node: it has the agent and fits the filter. What is sent to a node by name means it. */
export async function isMeant(request: Request, node: NodeView, clock: Clock): Promise<boolean | Refusal> {
  if (request.target !== null) return true;
  if (!node.agents.has(request.agent)) return false;
  const expression = parseFilter(request.filter);
  if (!expression.ok) return filterRefusal(expression.error);
  const answers = await gatherData(dataQueries(expression.value), node, clock);
  if (!(answers instanceof DataAnswers)) return answers;
  const fits = evaluateFilter(expression.value, await filterSubject(node, answers));
  return fits.ok ? fits.value : filterRefusal(fits.error);
}
