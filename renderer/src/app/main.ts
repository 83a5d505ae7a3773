import './configure-zod.ts';
import { chooseTransport } from '../bridge/choose-transport.ts';
import { startWindow } from './start-window.ts';

const page = document.querySelector('#app');
if (page !== null) startWindow(page, chooseTransport(window));
