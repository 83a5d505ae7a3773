export { parseBoundedYaml } from './bounded-yaml.ts';
export { compileCertname, nameTest, rolesByName } from './certnames.ts';
export { editYamlFile, type SectionEdit } from './edit-yaml.ts';
export { loadCredentials, type Credentials } from './credentials.ts';
export { agentKeyWord, type KeyAccess } from './own-key.ts';
export { findProxySection, readProxy } from './read-proxy.ts';
export {
  brokerSection,
  certnames,
  collectivesSection,
  httpUrl,
  identityName,
  proxySection,
  trustSection,
  type BrokerSection,
  type ProxySection,
  type TrustSection,
} from './sections.ts';
export { parseYaml, readSmallFile, readYamlFile, resolveFrom } from './yaml-file.ts';
export { readYamlText, type YamlText } from './yaml-text.ts';
