import type { AnswerGroup } from '@muster/protocol/bridge';
import type { Tone } from '../../ui/badge/tone.ts';
import { groupTone } from '../answer-groups/group-tone.ts';
import { isAbsent, stateOf } from './group-acts.ts';
import type { Subject } from './subject.ts';

/** The colour of a group: services by their state, everything else by whether it is as on most nodes. */
export function toneOf(subject: Subject, group: AnswerGroup, majority: AnswerGroup | null): Tone {
  if (group.state !== 'ok') return groupTone(group);
  const state = stateOf(subject, group);
  if (subject.kind === 'service') return state === 'running' ? 'ok' : state === 'stopped' ? 'warn' : 'idle';
  if (subject.kind === 'package' && isAbsent(state)) return 'idle';
  return group.key === majority?.key ? 'ok' : 'warn';
}
