/** The broker user that all nodes share; what tells them apart is their certificate. */
export const nodeUser = 'muster-node';

/** The broker user of one person. */
export const personUser = (person: string): string => `person.${person}`;
