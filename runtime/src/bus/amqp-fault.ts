import type { ErrorCode, Fault } from '@muster/protocol/errors';

const codeOf = (thrown: unknown): unknown =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;
const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

const accessRefused = 403;
const resourceLocked = 405;
const preconditionFailed = 406;
const tlsFailure = /certificate|self.signed|altname|SSL|TLS|handshake/i;
/** What a proxy says whose broker is down: the connection ends before there is any TLS to distrust. */
const endedEarly = /ECONNRESET|ECONNREFUSED|ETIMEDOUT|EPIPE/;

const refusals = {
  account: {
    what: 'the user name or password',
    mend: 'Check the user and password file in the configuration.',
  },
  certificate: {
    what: 'the certificate: it has no user for it',
    mend: 'Bring the users of the broker up to date with the register of the authority: broker-config sync.',
  },
} as const;

/** Why a connection could not be opened: refused for good, or nobody there. `by` is what we are known by. */
export function connectFault(thrown: unknown, url: string, by: keyof typeof refusals): Fault {
  const message = messageOf(thrown);
  if (/ACCESS.REFUSED|\b403\b|expected EXTERNAL|SASL mechanism/i.test(message)) {
    const { what, mend } = refusals[by];
    return { code: 'broker.refused', message: `The broker at ${url} refused ${what}`, mend };
  }
  // The reason that the broker gives is lost in amqplib; of what we ask for, it is what can be refused.
  if (message.includes('got <ConnectionClose')) {
    return {
      code: 'broker.refused',
      message: `The broker at ${url} allows no further connection of this user`,
      mend: 'See who else uses the certificate; connections that were lost count until the broker misses their heartbeats.',
    };
  }
  if (message.includes('alert certificate revoked')) {
    return {
      code: 'broker.refused',
      message: `The broker at ${url} refused our certificate: it was revoked`,
      mend: 'Ask for a new one.',
    };
  }
  if (
    !endedEarly.test(String(codeOf(thrown))) &&
    (tlsFailure.test(message) || tlsFailure.test(String(codeOf(thrown))))
  ) {
    return {
      code: 'broker.refused',
      message: `No trusted TLS connection to ${url}: ${message}`,
      mend: 'Check the certificates in the configuration, and server_name.',
    };
  }
  return { code: 'broker.unreachable', message: `No broker answers at ${url}: ${message}` };
}

const duplicate: Fault = {
  code: 'identity.duplicate',
  message: 'Another consumer holds the queue: the identity is in use',
};

/** The broker's "inequivalent arg 'x-expires' for queue 'node.web01' in vhost '/'", for people. */
function queueDiffers(message: string): Fault {
  const [, argument = 'an argument', queue = ''] = /inequivalent arg '([^']*)' for queue '([^']*)'/.exec(message) ?? [];
  return {
    code: 'broker.queue_differs',
    message: `The queue ${queue} is there already, declared with another ${argument}`,
    mend:
      argument === 'x-queue-type'
        ? `Set broker.queue_type to what it was, or delete the queue once: rabbitmqctl delete_queue ${queue}`
        : `Delete the queue once, and it is declared anew: rabbitmqctl delete_queue ${queue}`,
  };
}

/** Why an operation on a channel failed. */
export function channelFault(thrown: unknown, otherwise: ErrorCode = 'broker.closed'): Fault {
  const message = messageOf(thrown);
  const code = codeOf(thrown);
  if (code === resourceLocked || message.includes('RESOURCE_LOCKED')) return duplicate;
  if (code === accessRefused || /ACCESS.REFUSED/.test(message)) {
    if (message.includes('exclusive')) return duplicate;
    return { code: 'broker.forbidden', message: `The broker refused the operation: ${message}` };
  }
  if (code === preconditionFailed && message.includes('inequivalent arg')) return queueDiffers(message);
  return { code: otherwise, message };
}
