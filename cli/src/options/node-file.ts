import { fail, ok, type Result } from '@muster/protocol/errors';
import { checkIdentity } from '@muster/protocol/identity';
import type { DataAnswer, FilterNode } from '@muster/protocol/filter';

type Outputs = Readonly<Record<string, string | number | boolean>>;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((name) => typeof name === 'string');
const isOutputs = (value: unknown): value is Outputs =>
  isRecord(value) && Object.values(value).every((output) => ['string', 'number', 'boolean'].includes(typeof output));

const refuse = (reason: string): Result<never> =>
  fail('message.malformed', `The file of the node cannot be read: ${reason}`, {
    mend: 'It is JSON: {"identity", "collectives", "facts", "classes", "agents", "data": {"plugin": {"argument": {"output": value}}}}.',
  });

function readData(data: unknown): Result<(plugin: string, argument: string) => DataAnswer> {
  const answers = new Map<string, Map<string, Outputs>>();
  if (!isRecord(data)) return refuse('"data" is not an object');
  for (const [plugin, byArgument] of Object.entries(data)) {
    if (!isRecord(byArgument)) return refuse(`"data.${plugin}" is not an object`);
    const known = new Map<string, Outputs>();
    for (const [argument, outputs] of Object.entries(byArgument)) {
      if (!isOutputs(outputs))
        return refuse(`"data.${plugin}.${argument}" holds something else than texts, numbers and booleans`);
      known.set(argument, outputs);
    }
    answers.set(plugin, known);
  }
  return ok((plugin, argument) => {
    const known = answers.get(plugin);
    return known === undefined ? { known: false } : { known: true, outputs: known.get(argument) ?? {} };
  });
}

/** A node from the text of a file, for trying a filter on. Everything but the identity may be left out. Errors: `message.malformed`. */
export function parseNodeFile(text: string): Result<FilterNode> {
  let node: unknown;
  try {
    node = JSON.parse(text);
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
  if (!isRecord(node)) return refuse('it is not an object');
  const { identity, collectives = [], facts = {}, classes = [], agents = [], data = {} } = node;
  if (typeof identity !== 'string' || !checkIdentity(identity).ok)
    return refuse('"identity" is not the name of a node');
  if (!isNames(collectives) || !isNames(classes) || !isNames(agents)) {
    return refuse('"collectives", "classes" and "agents" must be lists of names');
  }
  if (!isRecord(facts)) return refuse('"facts" is not an object');
  const answers = readData(data);
  return answers.ok ? ok({ identity, collectives, facts, classes, agents, data: answers.value }) : answers;
}
