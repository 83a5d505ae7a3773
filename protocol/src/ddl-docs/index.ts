export { pluginHtml } from './plugin-html.ts';
export { agentPage, dataPage, pluginMarkdown } from './plugin-markdown.ts';
export { pluginText } from './plugin-text.ts';
export { ddlPage } from './reference-page.ts';
