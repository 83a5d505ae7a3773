import type { AnswerGroup } from '@muster/protocol/bridge';
import type { Tone } from '../../ui/badge/tone.ts';
import { nodeStateLooks } from '../node-state/state-look.ts';

/** The colour of a group that is not the majority: a successful answer that differs is worth a look. */
export const groupTone = ({ state }: AnswerGroup): Tone => (state === 'ok' ? 'warn' : nodeStateLooks[state].tone);
