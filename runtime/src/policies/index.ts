export { policyFileStamp, readPolicyFile, type FileStamp, type PolicyFileFound } from './read-policy-file.ts';
export { readPolicyFolder, type PolicyFolder } from './read-policy-folder.ts';
