export { keptSecret, newPassword, privateFolder, writePrivate } from './secret-files.ts';
