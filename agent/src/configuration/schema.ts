import {
  brokerSection,
  certnames,
  collectivesSection,
  identityName,
  proxySection,
  trustSection,
} from '@muster/runtime/config';
import { logLevels } from '@muster/runtime/logging';
import { z } from 'zod';

/** `agent.yaml`. Its reference page is generated from the descriptions and defaults below. */

const path = z.string().min(1);

const factsSection = z
  .strictObject({
    builtin: z
      .boolean()
      .default(true)
      .describe('Whether the agent finds out facts by itself: os, kernel, networking, memory, …'),
    refresh: z.int().min(1).max(86_400).default(300).describe('How long built-in facts are believed, in seconds.'),
    files: z
      .array(path)
      .max(50)
      .default([])
      .describe(
        'YAML, JSON or `name=value` (`.txt`) files of facts, merged in this order over the built-in ones. Read again when they change.',
      ),
    directory: path
      .optional()
      .describe('Folder of such files, merged last in alphabetical order. Programs in it are not run.'),
  })
  .prefault({});

const logSection = z
  .strictObject({
    level: z
      .enum(logLevels)
      .default('info')
      .describe('The least important lines that are written. SIGUSR2 moves on to the next level.'),
    file: path.optional().describe('File that lines are added to; standard output when absent. SIGHUP opens it again.'),
  })
  .prefault({});

const registrationSection = z
  .strictObject({
    interval: z.int().min(5).max(86_400).default(300).describe('Seconds between two signs of life.'),
    splay: z
      .boolean()
      .default(true)
      .describe('Whether the first interval is cut short at random, so that a fleet does not speak at once.'),
  })
  .prefault({});

const pluginsSection = z
  .strictObject({
    folders: z
      .array(path)
      .max(20)
      .default([])
      .describe(
        'Folders with further agents: `NAME.json` (the DDL) beside `NAME.mjs` or a program `NAME`, at the top or in `agent` or `mcollective/agent`. Of equal names the first counts; a shipped agent may be replaced so.',
      ),
    settings: path
      .default('plugin.d')
      .describe(
        'Folder with one file for each agent that needs settings: `NAME.yaml`, or `NAME.cfg` as Choria has it.',
      ),
    activate: z
      .boolean()
      .default(true)
      .describe(
        'False: no agents but `discovery`, `requests` and `rpcutil` and those that their own settings activate.',
      ),
  })
  .prefault({});

const policiesSection = z
  .strictObject({
    folder: path
      .default('policies')
      .describe(
        'Folder with `AGENT.policy`, `default.policy`, `groups` and `settings.json`. Changes are obeyed at once.',
      ),
    signers: certnames
      .optional()
      .describe(
        'People who may send policies to this node by `muster policy publish`: names, globs, or `/regular expressions/` of the whole name; one or a list. Nobody when absent.',
      ),
    allow_unconfigured: z
      .boolean()
      .optional()
      .describe(
        'What holds for agents that no policy governs, and where no line of a policy fits. When absent: what `settings.json` says, else false.',
      ),
    enable_default: z
      .boolean()
      .optional()
      .describe(
        'Whether `default.policy` governs the agents without a policy of their own. When absent: what `settings.json` says, else false.',
      ),
  })
  .prefault({});

const auditSection = z
  .strictObject({
    when_unwritable: z
      .enum(['refuse', 'continue'])
      .default('refuse')
      .describe(
        'What becomes of actions that change something when the audit cannot be written, on a full disk for one: refused (a full disk is waited for until the request expires), or run all the same. What only reads is run.',
      ),
    file_size: z.int().min(1).max(1024).default(16).describe('Size from which a new file begins, in MiB.'),
    files: z
      .int()
      .min(2)
      .max(10_000)
      .default(10)
      .describe('Files that are kept, with the one that is written; older ones are removed.'),
  })
  .prefault({});

const sealingSection = z
  .strictObject({
    required: z
      .boolean()
      .default(true)
      .describe(
        'Whether sensitive inputs are taken only when they are sealed to this node. False: also in plain, as consoles of before send them.',
      ),
  })
  .prefault({});

const renewalSection = z
  .strictObject({
    automatic: z
      .boolean()
      .default(true)
      .describe(
        'Whether the authority is asked for the next certificate when a third of the life of this one is left. A certificate and key that are replaced by hand are used at once in any case.',
      ),
  })
  .prefault({});

const limitsSection = z
  .strictObject({
    concurrent_actions: z
      .int()
      .min(1)
      .max(1000)
      .default(16)
      .describe('Actions that run at the same time; further requests wait.'),
    waiting_requests: z
      .int()
      .min(1)
      .max(10_000)
      .default(100)
      .describe('Requests that the agent takes from the broker before it has answered them.'),
    stop_grace: z
      .number()
      .min(0)
      .max(3600)
      .default(10)
      .describe('Seconds that running actions have to finish when the agent stops.'),
  })
  .prefault({});

export const agentSchema = z.strictObject({
  identity: identityName.describe('Name of this node; must be the name in its certificate.'),
  collectives: collectivesSection.describe('Collectives that the node is in; the first is its main one.'),
  broker: brokerSection.describe('How to reach the broker.'),
  proxy: proxySection.optional().describe('An HTTP proxy to the broker; without the section, nodes go there directly.'),
  trust: trustSection.describe('Certificates and key, as PEM files.'),
  renewal: renewalSection.describe('How the certificate is renewed, without a restart.'),
  facts: factsSection.describe('Where facts come from.'),
  classes_file: path.optional().describe('File with one class a line, such as the `classes.txt` that Puppet writes.'),
  state: path.default('state').describe('Folder for what the agent must remember: requests seen, audit.'),
  log: logSection.describe('What is logged, and where to.'),
  registration: registrationSection.describe('Signs of life.'),
  plugins: pluginsSection.describe(
    'Agents beside those of the node itself, and their settings. Changes are noticed at once.',
  ),
  policies: policiesSection.describe('Who may do what.'),
  audit: auditSection.describe('The signed log of who asked for what, `audit.log` in `state`.'),
  sealing: sealingSection.describe('Sensitive inputs, which nobody but this node may read on their way.'),
  limits: limitsSection.describe('Bounds of what the agent does at once.'),
});

/** A configuration as written, with defaults filled in. Durations are in seconds, paths relative to the file. */
export type AgentSettings = z.infer<typeof agentSchema>;
