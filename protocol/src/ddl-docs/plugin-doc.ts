import type { ActionDefinition, AgentDdl, DataDdl, InputDefinition, OutputDefinition } from '../ddl/index.ts';

/** A word about an item; `code` is shown as it would be typed. */
export type Facet = string | { readonly code: string };

export interface DocItem {
  readonly name: string;
  readonly facets: readonly Facet[];
  /** How results name it. */
  readonly title?: string;
  readonly text: string;
}

export interface DocPart {
  readonly title: string;
  readonly items: readonly DocItem[];
}

export interface DocSection {
  readonly name: string;
  /** Sentences, each without its full stop. */
  readonly sentences: readonly string[];
  readonly parts: readonly DocPart[];
}

/** What there is to read of a plugin, whatever it is printed on. */
export interface PluginDoc {
  readonly name: string;
  readonly kind: 'agent' | 'data plugin';
  readonly sentences: readonly string[];
  readonly metadata: readonly (readonly [string, string])[];
  readonly usage?: string;
  readonly sections: readonly DocSection[];
}

function inputItem(name: string, input: InputDefinition): DocItem {
  const facets: Facet[] = [
    input.type,
    input.optional ? 'optional' : 'required',
    ...(input.maxlength === undefined || input.maxlength === 0 ? [] : [`at most ${input.maxlength} characters`]),
    ...(input.validation === undefined ? [] : [{ code: input.validation }]),
    ...(input.list === undefined ? [] : [`one of ${input.list.join(', ')}`]),
    ...(input.sensitive ? ['sensitive'] : []),
  ];
  return { name, facets, text: input.description };
}

const outputItem = (name: string, output: OutputDefinition): DocItem => ({
  name,
  facets: [output.type],
  title: output.display_as,
  text: output.description,
});

const items = <T>(record: Readonly<Record<string, T>>, item: (name: string, value: T) => DocItem): readonly DocItem[] =>
  Object.entries(record).map(([name, value]) => item(name, value));

const filled = (parts: readonly DocPart[]): readonly DocPart[] => parts.filter((part) => part.items.length > 0);

function actionSection(action: ActionDefinition): DocSection {
  const aggregates = action.aggregates.map(({ function: name, output }) => ({
    name: output,
    facets: [name],
    text: '',
  }));
  return {
    name: action.name,
    sentences: [
      action.description,
      [
        `Effect: ${action.effect}`,
        ...(action.idempotent ? ['idempotent'] : []),
        ...(action.cancellable === true ? ['can be cancelled'] : []),
      ].join(', '),
      `Shown: ${action.display}`,
    ],
    parts: filled([
      { title: 'Inputs', items: items(action.inputs, inputItem) },
      { title: 'Outputs', items: items(action.outputs, outputItem) },
      { title: 'Aggregates', items: aggregates },
    ]),
  };
}

/** The one section of a data plugin: its question and its outputs. */
export const dataSection = ({ name, description, timeout, query, outputs }: DataDdl): DocSection => ({
  name,
  sentences: [description, `Time limit: ${timeout} s`],
  parts: filled([
    { title: 'Question', items: query === null ? [] : [inputItem('query', query)] },
    { title: 'Outputs', items: items(outputs, outputItem) },
  ]),
});

/** What there is to read of an agent or a data plugin, from its DDL. */
export function pluginDoc(ddl: AgentDdl | DataDdl): PluginDoc {
  const { name, description, version, license, author, url, timeout, usage } = ddl;
  return {
    name,
    kind: ddl.kind === 'agent' ? 'agent' : 'data plugin',
    sentences: [
      description,
      `Version ${version}, license ${license}; ${ddl.kind === 'agent' ? 'an action' : 'it'} may run for ${timeout} seconds`,
    ],
    metadata: [
      ['Version', version],
      ['Author', author],
      ['License', license],
      ['URL', url],
      ['Time limit', `${timeout} s`],
    ],
    ...(usage === undefined ? {} : { usage }),
    sections: ddl.kind === 'agent' ? ddl.actions.map(actionSection) : [dataSection(ddl)],
  };
}
