import { describe, expect, it } from 'vitest';
import { chooseScenes, unknownNames, type Scene } from './scene.ts';

const scene = (name: string, after?: string): Scene => ({
  name,
  show: () => Promise.resolve(),
  ...(after === undefined ? {} : { after }),
});
const scenes = [scene('fleet'), scene('run'), scene('run-paused', 'run'), scene('run-ended', 'run-paused')];

describe('chosen scenes', () => {
  it('are all of them without a name', () => {
    const { shown, taken } = chooseScenes(scenes, []);
    expect([...taken]).toEqual(scenes.map(({ name }) => name));
    expect(shown).toEqual(taken);
  });

  it('bring the ones that lead to them, which are not taken', () => {
    const { shown, taken } = chooseScenes(scenes, ['run-ended']);
    expect([...taken]).toEqual(['run-ended']);
    expect([...shown].toSorted()).toEqual(['run', 'run-ended', 'run-paused']);
  });

  it('are named by their beginning too', () => {
    expect([...chooseScenes(scenes, ['run-*', 'fleet']).taken]).toEqual(['fleet', 'run-paused', 'run-ended']);
  });

  it('have to exist', () => {
    expect(unknownNames(scenes, ['fleet', 'run*', 'flee', 'x*'])).toEqual(['flee', 'x*']);
  });
});
