import type { AgentDdl } from '@muster/protocol/ddl';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { callerPattern, decide, guessInput, readPolicies, type Policies } from '@muster/protocol/policy';
import { readGiven } from '../options/given-inputs.ts';
import { findAction, readInputs, type GivenInput } from '../options/inputs.ts';
import { parseNodeFile } from '../options/node-file.ts';
import { cleanJson } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';
import { readDdls, type DdlFlags } from './read-ddls.ts';

export interface CheckFlags extends DdlFlags {
  readonly policies: string;
  readonly node: string;
  readonly caller: string;
  readonly agent: string;
  readonly action: string;
}

/** The inputs, in the types of the DDL where it is known. */
function typedInputs(
  { action }: CheckFlags,
  given: readonly GivenInput[],
  policies: Policies,
  ddl: AgentDdl | undefined,
): Result<Readonly<Record<string, unknown>>> {
  if (ddl === undefined) {
    return ok(Object.fromEntries(given.map(({ key, text }) => [key, guessInput(policies, key, text)])));
  }
  const found = findAction(ddl, action);
  return found.ok ? readInputs(found.value, given) : found;
}

/** `muster policy check`: what a node with these policies would decide. Exit code 0 allowed, 1 denied, 2 error. */
export async function checkPolicy(
  texts: readonly string[],
  flags: CheckFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const { caller, agent, action } = flags;
  if (!callerPattern.test(caller)) {
    return fail('usage.invalid', `${caller} is not a caller`, {
      mend: 'Callers are written as nodes see them: cert=NAME.',
    });
  }
  const folder = await surroundings.readPolicies(flags.policies);
  if (!folder.ok) return folder;
  const text = flags.node === '-' ? await surroundings.stdin.readAll({}) : await surroundings.readFile(flags.node);
  if (!text.ok) return text;
  const node = parseNodeFile(text.value ?? '');
  if (!node.ok) return node;
  const ddls = await readDdls(flags, surroundings);
  if (!ddls.ok) return ddls;
  const given = await readGiven(texts, surroundings);
  if (!given.ok) return given;
  const ddl = ddls.value.get(agent);
  if (ddl === undefined && ddls.value.size > 0) {
    return fail('agent.unknown', `There is no DDL of the agent ${agent} among those that were named`);
  }
  const policies = readPolicies(folder.value.sources);
  const inputs = typedInputs(flags, given.value, policies, ddl);
  if (!inputs.ok) return inputs;
  const decision = decide(policies, { caller, agent, action, inputs: inputs.value }, node.value);
  const { allow, rule, reason } = decision;
  surroundings.stdout.write(`${cleanJson({ allow, rule, reason })}\n`);
  return ok(allow ? exitCodes.ok : exitCodes.denied);
}
