export { contentSecurityPolicy, securityHeaders } from './security-headers.ts';
export { builtWindowFolder, pathOf, readWindowFiles, type WindowFile, type WindowFiles } from './window-files.ts';
