import './configure-zod.ts';
import '../theme/base.css';
import { createBridgeClient } from '@muster/protocol/bridge';
import { chooseTransport } from '../bridge/choose-transport.ts';
import { wearLanguage } from '../features/language/wear-language.ts';
import { pause } from '../ui/clock.ts';

const page = document.querySelector('#app');
if (page !== null) {
  const transport = chooseTransport(window);
  await wearLanguage(document.documentElement, window, createBridgeClient(transport, pause), pause);
  // Its modules look up texts as they are loaded: now they find those of the language.
  const { startWindow } = await import('./start-window.ts');
  startWindow(page, transport);
}
