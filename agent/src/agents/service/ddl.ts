import type { agentDdlSchema } from '@muster/protocol/ddl';
import type { z } from 'zod';
import { ownPlugin } from '../metadata.ts';

type Ddl = z.input<typeof agentDdlSchema>;
type ActionDdl = Ddl['actions'][number];

const summaryOf = (name: string) => ({ function: 'summary' as const, output: name });

const statusOutput = (when: string) => ({
  status: {
    display_as: 'Service Status',
    description: `running, stopped or unknown${when}`,
    type: 'string' as const,
    default: 'unknown',
  },
});

const enabledOutput = {
  enabled: {
    display_as: 'Enabled',
    description: 'Whether it starts when the node does',
    type: 'boolean' as const,
  },
};

const action = (name: string, description: string, about: string, more: Partial<ActionDdl>): ActionDdl => ({
  name,
  description,
  display: 'failed',
  effect: 'write',
  inputs: {
    service: {
      type: 'string',
      prompt: 'Service Name',
      description: about,
      validation: 'service_name',
      maxlength: 90,
    },
  },
  aggregates: [summaryOf('status')],
  ...more,
});

export const serviceDdl: Ddl = {
  kind: 'agent',
  name: 'service',
  description: 'Starts and stops services, and tells about them',
  ...ownPlugin,
  timeout: 60,
  actions: [
    action('status', 'Whether a service runs', 'Service to tell about', {
      display: 'always',
      effect: 'read',
      idempotent: true,
      outputs: statusOutput(''),
    }),
    action('start', 'Starts a service', 'Service to start', {
      idempotent: true,
      outputs: statusOutput(', once it was started'),
    }),
    action('stop', 'Stops a service', 'Service to stop', {
      idempotent: true,
      outputs: statusOutput(', once it was stopped'),
    }),
    action('restart', 'Restarts a service', 'Service to restart', {
      outputs: statusOutput(', once it was restarted'),
    }),
    action('enable', 'Has a service start when the node does', 'Service to enable', {
      idempotent: true,
      outputs: { ...statusOutput(''), ...enabledOutput },
      aggregates: [summaryOf('status'), summaryOf('enabled')],
    }),
    action('disable', 'Has a service no longer start when the node does', 'Service to disable', {
      idempotent: true,
      outputs: { ...statusOutput(''), ...enabledOutput },
      aggregates: [summaryOf('status'), summaryOf('enabled')],
    }),
  ],
};
