/** The broker user that all nodes share; what tells them apart is their certificate. */
export const nodeUser = 'muster-node';

/** The broker user of one person. */
export const personUser = (person: string): string => `person.${person}`;

/** The broker user as which the broker of another site connects. */
export const siteUser = (site: string): string => `site.${site}`;
