export { cleanJson, cleanLine, cleanText } from './clean-text.ts';
