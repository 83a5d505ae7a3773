export { cleanJson, cleanLine, cleanText } from './clean-text.ts';
export { escapeHtml } from './escape-html.ts';
