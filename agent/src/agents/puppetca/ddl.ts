import { output, textInput, type ActionParts, type AgentParts } from '../describe.ts';
import { ownPlugin } from '../metadata.ts';
import { certnameLength, certnamePattern } from './certname.ts';

const inputs = {
  certname: textInput('Certificate Name', 'Name of the certificate', {
    validation: certnamePattern,
    maxlength: certnameLength,
  }),
};

const changing = (name: string, description: string, effect: ActionParts['effect']): ActionParts => ({
  name,
  description,
  effect,
  display: 'always',
  inputs,
  outputs: { out: output('Result', 'What the command of the authority said', 'string', { default: '' }) },
});

export const puppetcaDdl: AgentParts = {
  kind: 'agent',
  name: 'puppetca',
  description: 'Looks after the certificates of a Puppet authority',
  ...ownPlugin,
  // Three times that of MCollective's agent: the command starts Ruby, finds facts and then asks the server.
  timeout: 60,
  usage:
    'The node with the authority of Puppet has this agent. All but list and status need a Puppet Server that runs.',
  actions: [
    changing('clean', 'Revokes a certificate and removes its files, and a request', 'destructive'),
    changing('revoke', 'Revokes a certificate; its files stay', 'destructive'),
    changing('sign', 'Signs a request for a certificate', 'write'),
    {
      name: 'list',
      description: 'Lists requests that wait and certificates that are signed',
      effect: 'read',
      idempotent: true,
      display: 'always',
      outputs: {
        requests: output('Waiting CSRs', 'Names of the requests', 'array', { default: [] }),
        signed: output('Signed', 'Names of the certificates', 'array', { default: [] }),
      },
    },
    {
      name: 'status',
      description: 'Tells whether a certificate is signed or waits for it',
      effect: 'read',
      idempotent: true,
      display: 'always',
      inputs,
      outputs: { msg: output('Result', 'signed, waiting or missing', 'string', { default: '' }) },
      aggregates: [{ function: 'summary', output: 'msg' }],
    },
  ],
};
