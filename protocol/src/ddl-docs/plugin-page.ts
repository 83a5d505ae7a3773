import type { ActionDefinition, AgentDdl, DataDdl, InputDefinition, OutputDefinition } from '../ddl/index.ts';

function inputLine(name: string, input: InputDefinition): string {
  const bounds = [
    input.type,
    input.optional ? 'optional' : 'required',
    ...(input.maxlength === undefined || input.maxlength === 0 ? [] : [`at most ${input.maxlength} characters`]),
    ...(input.validation === undefined ? [] : [`\`${input.validation}\``]),
    ...(input.list === undefined ? [] : [`one of ${input.list.join(', ')}`]),
    ...(input.sensitive ? ['sensitive'] : []),
  ];
  return `- \`${name}\` (${bounds.join(', ')}): ${input.description}\n`;
}

const outputLine = (name: string, output: OutputDefinition): string =>
  `- \`${name}\` (${output.type}), “${output.display_as}”: ${output.description}\n`;

const inputLines = (inputs: Readonly<Record<string, InputDefinition>>): string =>
  Object.entries(inputs)
    .map(([name, input]) => inputLine(name, input))
    .join('');

const outputLines = (outputs: Readonly<Record<string, OutputDefinition>>): string =>
  Object.entries(outputs)
    .map(([name, output]) => outputLine(name, output))
    .join('');

const part = (title: string, lines: string): string => (lines === '' ? '' : `\n${title}:\n\n${lines}`);

function actionSection(action: ActionDefinition): string {
  const idempotent = action.idempotent ? ', idempotent' : '';
  const aggregates = action.aggregates.map(({ function: name, output }) => `- ${name} of \`${output}\`\n`).join('');
  return `
## ${action.name}

${action.description}. Effect: ${action.effect}${idempotent}. Shown: ${action.display}.
${part('Inputs', inputLines(action.inputs))}${part('Outputs', outputLines(action.outputs))}${part('Aggregates', aggregates)}`;
}

/** The reference page of an agent, in Markdown, from its DDL. */
export const agentPage = (ddl: AgentDdl): string => `# ${ddl.name}

${ddl.description}. Version ${ddl.version}, license ${ddl.license}; an action may run for ${ddl.timeout} seconds.
${ddl.actions.map(actionSection).join('')}`;

const dataSection = ({ name, description, timeout, query, outputs }: DataDdl): string => `
## ${name}

${description}. Time limit: ${timeout} s.
${query === null ? '' : part('Question', inputLine('query', query))}${part('Outputs', outputLines(outputs))}`;

/** The reference page of the data plugins, in Markdown, from their DDLs. */
export const dataPage = (ddls: readonly DataDdl[]): string => `# Data plugins

What filters may ask of a node, as in \`fstat('/etc/hosts').size > 100\`, and what \`rpcutil get_data\` gives.
${ddls.map(dataSection).join('')}`;
