/** What `muster plugin lint` looks for, each with what it means. */
export const lintRules = {
  syntax: 'the file is not JSON',
  'duplicate-key': 'an object has the same key twice; only the last counts',
  schema: 'a property is missing, unknown or of the wrong kind',
  foreign: 'the DDL is Choria’s, which only an import makes one of ours',
  'file-name': 'file and plugin have different names',
  version: 'the version is not semantic (1.2.3)',
  url: 'the URL is neither http nor https',
  timeout: 'the time limit is longer than a person waits: 15 minutes for an action, 10 seconds for a data plugin',
  'empty-text': 'a text that a person should read is empty',
  'long-label': 'a prompt or display_as is longer than a form or column takes (60 characters)',
  'duplicate-action': 'two actions have the same name',
  'name-style': 'a name has capitals, which people then mistype',
  'hidden-answers': 'a read action shows neither answers that are good nor a summary, so it shows nothing',
  effect: 'name and effect of an action contradict each other',
  idempotent: 'a read action is not idempotent, or a destructive one has no input that says of what',
  'unknown-validator':
    'a validation is a bare word that is no validator, so it is a regular expression that matches that word',
  'broken-regex': 'a regular expression is broken',
  're2-regex': 'a regular expression needs look-around or back-references, which RE2 has not',
  'unanchored-regex':
    'a regular expression is not bound to begin and end, so that it lets anything pass around its match',
  'anything-goes': 'a string may be anything of any length',
  'default-misfit': 'a default does not fit its own input',
  'default-unused': 'an optional input has a default, which nothing ever fills in',
  'sensitive-default': 'a sensitive input has a default, which is no secret',
  'sensitive-output': 'an output has the name of a sensitive input, and outputs are stored and shown',
  'unused-property': 'a property has no meaning for the type of the input',
  'duplicate-value': 'a list has the same value twice',
  'unknown-output': 'an aggregate is of an output that the action does not have',
  'aggregate-type': 'an aggregate cannot be computed of the type of its output',
  'aggregate-labels': 'labels where the function has none, or that it never uses',
  'aggregate-format': 'a format has other directives than its function fills in',
  'duplicate-aggregate': 'the same aggregate stands twice',
  'output-default': 'the default of an output is not of its type',
  query: 'the question of a data plugin is not a string, which is all that filters can ask with',
  'data-output': 'a filter cannot compare an output that is an array or a hash',
} as const;

export type LintRule = keyof typeof lintRules;

/** One thing that is wrong, and where: the keys and indexes that lead to it in the document. */
export interface LintFinding {
  readonly rule: LintRule;
  readonly path: readonly (string | number)[];
  /** The key at the end of the path is meant rather than its value. */
  readonly atKey?: boolean;
  readonly message: string;
}

/** Takes a finding. */
export type Report = (rule: LintRule, path: LintFinding['path'], message: string) => void;
