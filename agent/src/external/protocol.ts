/** Choria's protocol for agents in any language, version 1. */
export const protocols = {
  activation: 'io.choria.mcorpc.external.v1.activation_request',
  request: 'io.choria.mcorpc.external.v1.rpc_request',
} as const;

const schemaOf = (name: string): string => `https://choria.io/schemas/mcorpc/external/v1/${name}.json`;

export interface ExternalRequest {
  readonly agent: string;
  readonly action: string;
  readonly requestId: string;
  readonly sender: string;
  readonly caller: string;
  readonly collective: string;
  readonly issuedAtMs: number;
  readonly ttlMs: number;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** The request file of an action. Times are in seconds. */
export const requestDocument = (request: ExternalRequest): object => ({
  $schema: schemaOf('rpc_request'),
  protocol: protocols.request,
  agent: request.agent,
  action: request.action,
  requestid: request.requestId,
  senderid: request.sender,
  callerid: request.caller,
  collective: request.collective,
  ttl: Math.ceil(request.ttlMs / 1000),
  msgtime: Math.floor(request.issuedAtMs / 1000),
  data: request.inputs,
});

/** The request file of the question whether the agent wants to be active. */
export const activationDocument = (agent: string): object => ({
  $schema: schemaOf('activation_request'),
  protocol: protocols.activation,
  agent,
});
