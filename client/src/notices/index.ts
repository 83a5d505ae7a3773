export { createNotices, type NoticesKeeper } from './notices.ts';
