import type { EndpointParams, EndpointResult, NodeDetail } from '@muster/protocol/bridge';
import { readTextInput, type AgentDdl } from '@muster/protocol/ddl';
import { fail, ok, type Result } from '@muster/protocol/errors';
import {
  decide,
  groupsName,
  guessInput,
  policySettingsName,
  readPolicies,
  type Policies,
  type PolicyFault,
} from '@muster/protocol/policy';

type Question = EndpointParams<'policies.check'>;
type Answer = EndpointResult<'policies.check'>;

const mostFaults = 100;

/** The inputs in the types of the DDL, where it is known. */
function typedInputs(
  { agent, action, inputs }: Question,
  policies: Policies,
  ddl: AgentDdl | null,
): Result<Readonly<Record<string, unknown>>> {
  const typed: Record<string, unknown> = {};
  const described = ddl?.actions.find(({ name }) => name === action);
  if (ddl !== null && described === undefined)
    return fail('request.unknown_action', `Agent ${agent} has no action "${action}"`);
  for (const [name, text] of Object.entries(inputs)) {
    const input = described?.inputs[name];
    if (described !== undefined && input === undefined)
      return fail('request.invalid_input', `Action ${action} has no input "${name}"`);
    const read = input === undefined ? ok(guessInput(policies, name, text)) : readTextInput(name, input, text);
    if (!read.ok) return read;
    typed[name] = read.value;
  }
  return ok(typed);
}

function faultsOf({ files, groups, settingsFaults }: Policies): Answer['faults'] {
  const placed = (file: string, faults: readonly PolicyFault[]) =>
    faults.map(({ fault, line, column }) => ({ file, line, column, message: fault.message }));
  return [
    ...[...files.values()].flatMap(({ name, faults }) => placed(name, faults)),
    ...placed(groupsName, groups.faults),
    ...placed(policySettingsName, settingsFaults),
  ].slice(0, mostFaults);
}

/** What a node would decide under some policies, as `muster policy check` says it. Errors: `request.unknown_action`, `request.invalid_input`. */
export function checkPolicies(question: Question, node: NodeDetail, ddl: AgentDdl | null): Result<Answer> {
  const policies = readPolicies(new Map(Object.entries(question.files).map(([name, text]) => [name, ok(text)])));
  const inputs = typedInputs(question, policies, ddl);
  if (!inputs.ok) return inputs;
  const { caller, agent, action } = question;
  const { identity, collectives, facts, classes } = node;
  const agents = node.agents.map(({ name }) => name);
  const { allow, rule, reason } = decide(
    policies,
    { caller, agent, action, inputs: inputs.value },
    { identity, collectives, facts, classes, agents },
  );
  return ok({ allow, rule, reason, faults: faultsOf(policies) });
}
