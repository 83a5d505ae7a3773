import './configure-zod.ts';
import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import '../theme/base.css';
import { createBridgeClient } from '@muster/protocol/bridge';
import { chooseTransport } from '../bridge/choose-transport.ts';
import { wearLanguage } from '../features/language/wear-language.ts';
import { loadFonts } from '../theme/load-fonts.ts';
import { pause } from '../ui/clock.ts';

const page = document.querySelector('#app');
if (page !== null) {
  const transport = chooseTransport(window);
  await Promise.all([
    wearLanguage(document.documentElement, window, createBridgeClient(transport, pause), pause),
    loadFonts(document),
  ]);
  // Its modules look up texts as they are loaded: now they find those of the language.
  const { startWindow } = await import('./start-window.ts');
  startWindow(page, transport);
}
