export { alreadyThere, unwritable, WholeFile } from './whole-file.ts';
