export { openWindowEngine, startTimer, type WindowEngine, type WindowEngineOptions } from './open-window-engine.ts';
