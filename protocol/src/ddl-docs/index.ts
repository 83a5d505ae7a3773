export { agentPage, dataPage } from './plugin-page.ts';
export { ddlPage } from './reference-page.ts';
