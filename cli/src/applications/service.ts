import { ok } from '@muster/protocol/errors';
import type { RunFlags } from '../options/run-flags.ts';
import { lineView, type CreateView } from '../output/answer-view.ts';
import { cleanLine } from '../output/clean-text.ts';
import type { Answer } from '../output/result-block.ts';
import type { Application } from './application.ts';
import { readDeed, type Grammar } from './words.ts';

const grammar: Grammar = {
  thing: 'service',
  about: ['start', 'stop', 'restart', 'status', 'enable', 'disable'],
  alone: [],
};

function statusText({ data: { status } }: Answer): string {
  return typeof status === 'string' ? cleanLine(status) : 'unknown';
}

/** Only services that are not as they should be afterwards. */
const unless = (wanted: string): CreateView =>
  lineView((answer) => {
    const status = statusText(answer);
    return status === wanted ? null : status;
  });

const views: Readonly<Record<string, CreateView>> = {
  status: lineView(statusText),
  start: unless('running'),
  restart: unless('running'),
  stop: unless('stopped'),
};

/** `muster service`. */
export const serviceApplication: Application<RunFlags> = {
  name: 'service',
  description: 'Start, stop and restart services, and tell which run.',
  words: { syntax: 'SERVICE ACTION | ACTION SERVICE', meaning: `a service, and ${grammar.about.join(', ')}` },
  examples: ['muster service ssh status', 'muster service restart nginx -C role::web --batch 10%'],
  plan: (words) => {
    const deed = readDeed(words, grammar);
    if (!deed.ok) return deed;
    const { action, subject } = deed.value;
    return ok({ action, inputs: { service: subject }, view: views[action] ?? lineView(() => null) });
  },
};
