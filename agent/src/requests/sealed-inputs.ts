import { masked, type ActionDefinition } from '@muster/protocol/ddl';
import type { Request } from '@muster/protocol/messages';
import type { SealingKey } from '@muster/runtime/sealing';
import { refusal, type Refusal } from './refusal.ts';

/** How a node takes sensitive inputs. */
export interface InputSealing {
  readonly key: Pick<SealingKey, 'open'>;
  /** Whether those in plain are refused. */
  readonly isRequired: boolean;
}

/** The inputs as they may be written down: what came sealed is masked, whatever the description says of it. */
export const withMasks = (inputs: Request['inputs'], { inputs: plain }: Pick<Request, 'inputs'>): Request['inputs'] =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [name, Object.hasOwn(plain, name) ? value : masked]),
  );

/** All inputs of a request that is for this node, the sealed ones opened, or why they are not taken. */
export async function allInputs(
  request: Request,
  { inputs: described }: Pick<ActionDefinition, 'inputs'>,
  { key, isRequired }: InputSealing,
): Promise<{ readonly all: Request['inputs'] } | Refusal> {
  const { inputs, sealed, target, caller, requestId, agent, action } = request;
  const bare = Object.keys(inputs).find((name) => described[name]?.sensitive === true);
  if (isRequired && bare !== undefined) {
    return refusal(
      'sealing.required',
      `The input ${bare} is sensitive, and came unsealed; this node takes none like that`,
    );
  }
  if (sealed === undefined) return { all: inputs };
  if (target === null) return refusal('sealing.unreadable', 'Inputs cannot be sealed in a request to many nodes');
  const opened = await key.open(sealed, { caller, requestId, agent, action, target });
  if (!opened.ok) return refusal('sealing.unreadable', opened.error.message);
  const twice = Object.keys(opened.value).find((name) => Object.hasOwn(inputs, name));
  if (twice !== undefined) return refusal('sealing.unreadable', `The input ${twice} came both sealed and in plain`);
  return { all: { ...inputs, ...opened.value } };
}
