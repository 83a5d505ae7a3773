/** Whether this tab has just set a console up, which is yet to be tried: a mark that outlives the reload. */
const key = 'muster.first-try';

export const markFirstTry = (storage: Pick<Storage, 'setItem'>): void => storage.setItem(key, '1');
export const isFirstTry = (storage: Pick<Storage, 'getItem'>): boolean => storage.getItem(key) !== null;
export const endFirstTry = (storage: Pick<Storage, 'removeItem'>): void => storage.removeItem(key);
