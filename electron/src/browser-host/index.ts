export { startBrowserHost, type BrowserHost, type BrowserHostOptions } from './browser-host.ts';
export { ReportTickets } from './report-tickets.ts';
