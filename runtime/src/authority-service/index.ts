export { readAuthoritySettings, serveAuthority, type RunningAuthority, type ServeOptions } from './serve.ts';
export { authoritySettings, type AuthoritySettings } from './settings.ts';
