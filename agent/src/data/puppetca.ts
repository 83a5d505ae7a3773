import { certnamePattern } from '../agents/puppetca/certname.ts';
import { openAuthority } from '../agents/puppetca/folder.ts';
import { hasAuthority } from '../agents/puppetca/index.ts';
import { textOf } from '../api/index.ts';
import { defineData } from '../plugins/index.ts';
import { dataPluginBase, question, text } from './description.ts';

/** What a Puppet authority has of a name; the settings are those of the agent `puppetca`. */
export const puppetcaData = defineData(
  {
    ...dataPluginBase('puppetca', 'The state of a certificate of Puppet'),
    timeout: 3,
    query: question('Certificate Name', 'Name of the certificate', { validation: certnamePattern, maxlength: 50 }),
    outputs: { status: text('Certificate Status', 'signed, waiting or missing') },
  },
  async (certname, { settings }) => {
    const authority = openAuthority(textOf(settings, 'cadir'));
    if (!authority.ok) throw new Error(authority.error.message);
    const status = await authority.value.status(certname);
    if (!status.ok) throw new Error(status.error.message);
    return { status: status.value };
  },
  { activate: ({ settings }) => hasAuthority(settings) },
);
