export { createHistory, type History } from './history.ts';
export { deleteRemoved, takeBackMs, type DeleteRemoved } from './delete-removed.ts';
