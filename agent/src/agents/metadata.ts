import { agentVersion } from '../version.ts';

/** What the descriptions of Muster's own plugins have in common. */
export const ownPlugin = {
  author: 'The Muster project',
  license: 'Apache-2.0',
  version: agentVersion,
  url: '',
} as const;
