export {
  knownPassphrase,
  openKeyFile,
  passphraseIn,
  readKeyFile,
  readPassphraseFile,
  type AskPassphrase,
} from './key-file.ts';
export { isProtected, openProtected, protectKey, shortestPassphrase } from './protected-key.ts';
export { readSecretFile, replaceSecretFile } from './secret-file.ts';
export { createAgentSigner, findAgentKey, type AgentKey } from './ssh-agent.ts';
