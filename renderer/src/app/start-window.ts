import '../theme/base.css';
import '../features/palette/palette.css';
import '../ui/field/field.css';
import '../ui/menu/menu.css';
import '../ui/popover/popover.css';
import '../ui/tabs/tabs.css';
import { createBridgeClient, type Transport } from '@muster/protocol/bridge';
import { mount } from 'svelte';
import { pause } from '../ui/clock.ts';
import App from './App.svelte';

/** Shows the window in an element of the page, on the engine that the transport leads to. */
export function startWindow(target: Element, transport: Transport): void {
  mount(App, { target, props: { bridge: createBridgeClient(transport, pause) } });
}
