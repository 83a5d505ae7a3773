import { output, textInput, type ActionParts, type AgentParts } from '../describe.ts';
import { ownPlugin } from '../metadata.ts';
import { typePattern } from '../puppet/ddl.ts';

/** What is no option of Puppet and stays on one line. */
export const titlePattern = '^[^-\\x00-\\x1f][^\\x00-\\x1f]*$';

const type = textInput('Type', 'Type of the resource, such as user or package', {
  validation: typePattern,
  maxlength: 90,
});

const find: ActionParts = {
  name: 'find',
  description: 'How one resource is now, whether Puppet manages it or not',
  display: 'always',
  effect: 'read',
  idempotent: true,
  inputs: {
    type,
    title: textInput('Title', 'Title of the resource', { validation: titlePattern, maxlength: 90 }),
  },
  outputs: {
    exported: output('Exported', 'Whether it is exported; what a node has is not', 'boolean'),
    managed: output('Managed', 'Whether Puppet manages it', 'boolean'),
    parameters: output('Parameters', 'How it is, by name of the parameter', 'hash'),
    tags: output('Tags', 'Tags that Puppet gives it by its type and title', 'array'),
    title: output('Title', 'Title of the resource'),
    type: output('Type', 'Type of the resource'),
  },
  aggregates: [{ function: 'boolean_summary', output: 'managed', labels: { true: 'managed', false: 'not managed' } }],
};

const search: ActionParts = {
  name: 'search',
  description: 'All resources of a type that the node has',
  display: 'always',
  effect: 'read',
  idempotent: true,
  inputs: { type },
  outputs: {
    result: output('Result', 'Resources: type, title, parameters, tags, managed, exported', 'array', { default: [] }),
  },
};

export const puppetralDdl: AgentParts = {
  kind: 'agent',
  name: 'puppetral',
  description: 'Shows the resources of a node as Puppet sees them',
  ...ownPlugin,
  timeout: 60,
  actions: [find, search],
};
