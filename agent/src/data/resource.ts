import { defineData } from '../plugins/index.ts';
import { managedResources, readLastRun } from '../puppet/index.ts';
import { dataPluginBase, question, text } from './description.ts';
import { besidePuppet, puppetFilesFor } from './puppet.ts';

/** What Puppet manages, and what its last run did. */
export const resourceData = defineData(
  {
    ...dataPluginBase('resource', 'A resource that Puppet manages, and what the last run did'),
    usage: "resource('file[/srv/www]').managed=true and resource().failed_resources > 0",
    query: {
      ...question('Resource', 'Type and name, as in File[/etc/motd]', {
        validation: 'puppet_resource',
        maxlength: 120,
      }),
      optional: true,
    },
    outputs: {
      managed: text('Managed', 'Whether Puppet manages the resource', 'boolean'),
      out_of_sync_resources: text('Out of Sync Resources', 'Resources that were not as they should be', 'integer'),
      failed_resources: text('Failed Resources', 'Resources that could not be applied', 'integer'),
      corrected_resources: text('Corrected Resources', 'Resources that had drifted and were put right', 'integer'),
      changed_resources: text('Changed Resources', 'Resources that were changed', 'integer'),
      total_resources: text('Total Resources', 'Resources that Puppet manages on the node', 'integer'),
      total_time: text('Total Time', 'Seconds that the run took', 'number'),
      config_retrieval_time: text('Config Retrieval Time', 'Seconds that getting the catalog took', 'number'),
      lastrun: text('Last Run', 'When Puppet last applied a catalog, in seconds since the epoch', 'integer'),
      since_lastrun: text('Since Last Run', 'Seconds since then; since the epoch when no run is known', 'integer'),
      config_version: text('Config Version', 'Version of the catalog that was applied last'),
    },
  },
  async (resource, context) => {
    const files = await puppetFilesFor(context);
    const { figures } = await readLastRun(files);
    const managed = resource !== '' && (await managedResources(files)).has(resource.toLowerCase());
    const since = Math.max(0, Math.floor(context.clock() / 1000) - figures.lastrun);
    return { managed, ...figures, since_lastrun: since };
  },
  besidePuppet,
);
