import { validateInput, type ActionDefinition, type OutputDefinition } from '../ddl/index.ts';
import type { Report } from './finding.ts';
import { lintAggregates } from './lint-aggregate.ts';
import { lintInput } from './lint-input.ts';
import { lintTexts } from './lint-text.ts';

type Path = readonly (string | number)[];

const takesAway = /^(?:delete|destroy|drop|erase|format|kill|purge|remove|terminate|uninstall|wipe)(?:_|$)/;
const changes =
  /^(?:add|apply|create|disable|enable|install|reload|restart|run|set|start|stop|update|upgrade|write)(?:_|$)/;
const looks = /^(?:check|count|describe|find|get|info|inventory|list|ping|read|search|show|status|summary)(?:_|$)/;

function lintEffect({ name, effect, idempotent, inputs }: ActionDefinition, path: Path, report: Report): void {
  const place = [...path, 'effect'];
  if (effect === 'read' && (takesAway.test(name) || changes.test(name))) {
    report('effect', place, `${name} sounds as if it changed the node, yet its effect is read`);
  }
  if (effect === 'destructive' && looks.test(name)) {
    report('effect', place, `${name} sounds as if it only looked, yet its effect is destructive`);
  }
  if (effect === 'read' && !idempotent) {
    report('idempotent', place, 'what changes nothing may be repeated: idempotent should be true');
  }
  if (effect === 'destructive' && Object.keys(inputs).length === 0) {
    report('idempotent', place, `${name} takes something away, and no input says what`);
  }
}

/** What is wrong with one output that fits the schema. */
export function lintOutput(name: string, output: OutputDefinition, path: Path, report: Report): void {
  if (/[A-Z]/.test(name)) report('name-style', path, `${name} has capitals`);
  lintTexts({ display_as: output.display_as, description: output.description }, path, report);
  const { type, default: value = null } = output;
  if (type === 'any' || value === null) return;
  const asInput = { type, prompt: '', description: '', optional: false, sensitive: false };
  const fit = validateInput(name, asInput, value);
  if (!fit.ok) report('output-default', [...path, 'default'], `the default is not of the type ${type}`);
}

/** What is wrong with one action that fits the schema. */
export function lintAction(action: ActionDefinition, path: Path, report: Report): void {
  lintTexts({ description: action.description }, path, report);
  lintEffect(action, path, report);
  const silent = action.display === 'failed' && action.aggregates.length === 0;
  if (action.effect === 'read' && silent && Object.keys(action.outputs).length > 0) {
    report('hidden-answers', path, `${action.name} shows only answers that failed; display should be always or ok`);
  }
  for (const [name, input] of Object.entries(action.inputs)) {
    const place = [...path, 'inputs', name];
    lintInput(name, input, place, report);
    if (input.sensitive && Object.hasOwn(action.outputs, name)) {
      report('sensitive-output', [...path, 'outputs', name], `${name} is a sensitive input, and this shows it`);
    }
  }
  for (const [name, output] of Object.entries(action.outputs)) {
    lintOutput(name, output, [...path, 'outputs', name], report);
  }
  lintAggregates(action, path, report);
}
