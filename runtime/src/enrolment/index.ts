export { openAuthorityLine, type Asker, type AuthorityLine, type LineTools } from './authority-line.ts';
export { finishInstalling, type KeyFiles } from './key-files.ts';
export { keepRenewed, type KeptCertificate, type RenewalOptions } from './renewal.ts';
export { joinFleet, type JoinNews, type JoinOrder } from './join.ts';
export { joinFileBytes, readJoinFile, writeJoinFile, type JoinFile } from './join-file.ts';
export { newsText } from './news-text.ts';
export { setUp, type SetUp, type SetUpOrder } from './set-up.ts';
export { whenBusUp } from './when-bus-up.ts';
