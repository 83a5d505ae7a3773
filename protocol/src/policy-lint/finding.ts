/** What `muster policy lint` looks for, each with what it means. */
export const policyLintRules = {
  syntax: 'a line or a file cannot be understood, so that everything is denied which it governs',
  settings: '`settings.json` cannot be used, so that both settings are off',
  'stray-file': 'a file has a name that no node reads',
  'unused-default': '`default.policy` is there, and `enable_default` is off',
  'no-policy': 'there is no policy at all',
  'several-defaults': 'a file has several lines `policy default`; only the last counts',
  'default-word': 'a default is neither allow nor deny, so it is deny',
  shadowed: 'a rule never decides, because earlier ones fit whenever it does',
  'unknown-group': 'a group is not in the file `groups`',
  'empty-group': 'a group holds nobody',
  'unused-group': 'no rule names a group',
  'foreign-caller': 'a caller is not of the form cert=NAME, which all callers of Muster are',
  'unanchored-caller': 'a regular expression is not bound to begin and end, so that it also finds longer names',
  'open-agent': 'an agent that is open to everybody asks no policy',
  'other-agent': "a rule in an agent's policy names other agents only",
  'unknown-agent': 'there is no such agent',
  'unknown-action': 'no agent that the rule is about has such an action',
  'unknown-input': 'no action that the rule is about has such an input',
  'input-type': 'an input cannot be compared like that, for it is of another type',
  'input-value': 'an input can never have that value',
  'impossible-inputs': 'conditions on an input contradict each other',
  'impossible-filter': 'no node fits the conditions of the rule',
} as const;

export type PolicyLintRule = keyof typeof policyLintRules;

/** One thing that is wrong; lines and columns count from 1, both null for a file as a whole. */
export interface PolicyLintFinding {
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly rule: PolicyLintRule;
  readonly message: string;
}

/** Takes a finding about a line. */
export type Report = (rule: PolicyLintRule, message: string) => void;
