import { texts } from '../../texts/texts.ts';
import type { PinKind, PinsState } from './pins-state.svelte.ts';

/** The entry of a menu that pins something, or takes it off. */
export const pinItem = (pins: PinsState, kind: PinKind, name: string) => ({
  id: 'pin',
  label: pins.has(kind, name) ? texts.pins.unpin : texts.pins.pin,
  run: () => pins.toggle(kind, name),
});
