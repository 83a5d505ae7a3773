export { isDiskFull } from './is-disk-full.ts';
