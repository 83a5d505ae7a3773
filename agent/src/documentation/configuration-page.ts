import { z } from 'zod';
import { agentSchema } from '../configuration/index.ts';

/** The part of a JSON Schema that the page shows. */
interface Setting {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Setting;
  readonly properties?: Readonly<Record<string, Setting>>;
  readonly required?: readonly string[];
}

const intro = `# Configuration of the agent

The agent reads one YAML file, \`agent.yaml\`, named with \`--config\`. Paths are relative to that file. A setting that is not
listed here stops the start, with file and line; \`muster-agent --config FILE --check\` says whether a file holds.

The files that \`trust.key\` and \`broker.password_file\` name must be readable by their owner alone. The broker knows the node by its
certificate; \`broker.username\` and \`broker.password_file\` are for one that is set up for passwords.

\`\`\`yaml
identity: web1.example.com
collectives: [muster]
broker:
  urls: ['amqps://broker.example.com:5671']
trust:
  ca: ca.pem
  certificate: node.pem
  key: node.key
facts:
  directory: facts.d
classes_file: /var/lib/puppet/state/classes.txt
\`\`\`

## Settings
`;

const outro = `
## Facts

Sources are merged in this order, and of equal names the later one wins as a whole: Muster's own fact \`muster\` (version,
identity, collectives), the built-in facts, \`facts.files\` in their order, the files of \`facts.directory\` by name. Files are
looked at when facts are needed, at most once a second, and read again when they have changed. A source that breaks keeps its
last good facts, and the log says so once.

A file holds at most 1 MiB and 10,000 facts. Files end in \`.yaml\`, \`.yml\`, \`.json\` or \`.txt\` (\`name=value\` lines, values are
texts); others, and programs, are left alone.

## Signals

- \`SIGTERM\`, \`SIGINT\`: take no more requests, let running actions finish within \`limits.stop_grace\`, say goodbye, end.
- \`SIGUSR1\`: read facts and classes anew and tell of changes.
- \`SIGUSR2\`: move on to the next log level: fatal, error, warn, info, debug, trace, and round again.
- \`SIGHUP\`: open the log file again, after it was moved away.

## Exit codes

- 0: stopped as asked.
- 1: the configuration or the state folder is broken; standard error says where and what to do.
- 2: the command line is wrong.
- 3: another agent is connected under this identity.

## Who may do what

[Policies](../guide/policies.md) decide. A node without any denies everything but being found; \`policies: { allow_unconfigured: true }\` lets
everybody do everything to whom the fleet's authority issued a person's certificate.
`;

function facets(setting: Setting, required: boolean): string {
  const { type, items, minimum, maximum } = setting;
  const kind =
    setting.enum === undefined
      ? items === undefined
        ? type
        : `list of ${items.type ?? 'value'}s`
      : `one of ${setting.enum.join(', ')}`;
  const bounds =
    minimum === undefined || maximum === undefined || maximum > 1e9 ? undefined : `${minimum} to ${maximum}`;
  const preset = setting.default === undefined ? undefined : `default \`${JSON.stringify(setting.default)}\``;
  return [kind, bounds, required ? 'required' : (preset ?? 'optional')].filter((part) => part !== undefined).join(', ');
}

function describe(name: string, setting: Setting, required: boolean, indent: string): string {
  const text = setting.description === undefined ? '' : ` ${setting.description}`;
  if (setting.properties === undefined) return `${indent}- \`${name}\` (${facets(setting, required)}):${text}\n`;
  return `${indent}- \`${name}\`:${text}\n${describeAll(setting, `${indent}  `)}`;
}

const describeAll = (section: Setting, indent: string): string =>
  Object.entries(section.properties ?? {})
    .map(([name, setting]) => describe(name, setting, section.required?.includes(name) ?? false, indent))
    .join('');

/** The reference page of `agent.yaml`, in Markdown. */
export function configurationPage(): string {
  // The page shows the few keywords named above; a schema has them or not.
  const schema = z.toJSONSchema(agentSchema, { io: 'input' }) as Setting;
  return `${intro}\n${describeAll(schema, '')}${outro}`;
}
