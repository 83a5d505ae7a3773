import { setTimeout } from 'node:timers/promises';
import { validateInputs, type ActionDefinition } from '@muster/protocol/ddl';
import type { Fault, Result } from '@muster/protocol/errors';
import type { Request } from '@muster/protocol/messages';
import type { Clock } from '@muster/runtime/effects';
import type { Logger } from '@muster/runtime/logging';
import type { Counters, NodeView } from '../node/index.ts';
import type { Action, AgentPlugin } from '../plugins/index.ts';
import { checkAddress, checkWindow, isMeant } from './checks.ts';
import type { Audit } from './audit.ts';
import type { Authorizer, Decision } from './authorizer.ts';
import { refusal, type Refusal } from './refusal.ts';
import { allInputs, withMasks, type InputSealing } from './sealed-inputs.ts';

/** An action that was found, may run, and gets inputs that fit. */
export interface Chosen {
  /** All of them, the sealed ones in plain. */
  readonly inputs: Request['inputs'];
  readonly plugin: AgentPlugin;
  readonly definition: ActionDefinition;
  readonly action: Action;
}

/** What becomes of a request: nothing, because the node was not asked; a refusal; or an action. */
export type Admission =
  | { readonly kind: 'not_asked' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'chosen'; readonly chosen: Chosen };

export interface AdmissionParts {
  readonly node: NodeView;
  readonly counters: Counters;
  readonly agents: ReadonlyMap<string, AgentPlugin>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly authorizer: Authorizer;
  readonly audit: Audit;
  readonly sealing: InputSealing;
}

/** Known agent and action, and inputs that fit. */
async function choose(request: Request, { agents, sealing }: AdmissionParts): Promise<Chosen | Refusal> {
  const plugin = agents.get(request.agent);
  if (plugin === undefined) return refusal('request.unknown_agent', `Unknown agent '${request.agent}'`);
  const definition = plugin.ddl.actions.find(({ name }) => name === request.action);
  const action = plugin.actions.get(request.action);
  if (definition === undefined || action === undefined) {
    return refusal('request.unknown_action', `Unknown action '${request.action}' for agent '${request.agent}'`);
  }
  const inputs = await allInputs(request, definition, sealing);
  if ('code' in inputs) return inputs;
  const fits = validateInputs(definition, inputs.all);
  return fits.ok
    ? { plugin, definition, action, inputs: inputs.all }
    : refusal('request.invalid_input', fits.error.message);
}

/** How long a full disk is left alone before it is tried again, in milliseconds. */
const fullPauseMs = 1000;

/** Audits what was decided. What changes something waits for room on a full disk for as long as the request is good for. */
async function writeDown(
  request: Request,
  definition: ActionDefinition,
  decision: Decision,
  { audit, clock }: AdmissionParts,
): Promise<Result<void>> {
  const mayWait = decision.allowed && definition.effect !== 'read';
  for (;;) {
    const isTrial = mayWait && checkWindow(request, clock()) === undefined;
    const written = await audit.record(request, definition, decision, { isTrial });
    if (written.ok || !isTrial || written.error.code !== 'storage.full') return written;
    await setTimeout(fullPauseMs);
  }
}

/** Why what cannot be audited is not run. */
const unaudited = (request: Request, { error }: { readonly error: Fault }, { clock }: AdmissionParts): Refusal =>
  (error.code === 'storage.full' ? checkWindow(request, clock()) : undefined) ??
  refusal('storage.failed', `The request cannot be audited, so it is not run: ${error.message}`);

/** Asks the policy and writes down what it said. What a caller is told does not say why. */
async function authorise(
  request: Request,
  { plugin, definition, inputs }: Chosen,
  parts: AdmissionParts,
): Promise<Refusal | undefined> {
  if (plugin.open || plugin.authorisesItself === true) return undefined;
  const decision = plugin.decide?.(request) ?? (await parts.authorizer.authorise({ ...request, inputs }, definition));
  const shown = { ...request, inputs: withMasks(inputs, request) };
  const audited = await writeDown(shown, definition, decision, parts);
  if (decision.allowed)
    return audited.ok || definition.effect === 'read' ? undefined : unaudited(request, audited, parts);
  const { requestId, caller, agent, action } = request;
  parts.logger.warn(
    { event: 'request.denied', requestId, caller, agent, action, rule: decision.rule, reason: decision.reason },
    'a request was denied',
  );
  return refusal('request.denied', 'You are not authorized to call this agent or action.');
}

/** Decides about a verified request: collective, filter, agent and action, sealed inputs, inputs, policy and audit, in this order. */
export async function admit(request: Request, parts: AdmissionParts): Promise<Admission> {
  const misdirected = checkAddress(request, parts.node);
  if (misdirected !== undefined) return { kind: 'refused', refusal: misdirected };
  const meant = await isMeant(request, parts.node, parts.clock);
  if (meant === false) {
    parts.counters.filtered++;
    return { kind: 'not_asked' };
  }
  if (meant !== true) return { kind: 'refused', refusal: meant };
  parts.counters.passed++;
  const chosen = await choose(request, parts);
  if ('code' in chosen) return { kind: 'refused', refusal: chosen };
  const denied = await authorise(request, chosen, parts);
  return denied === undefined ? { kind: 'chosen', chosen } : { kind: 'refused', refusal: denied };
}
