export { isSetUp, type Book, type Profile } from './book.ts';
export { chooseHome, type ChosenHome, type HomeChoice } from './choose-home.ts';
export { createProfileHandlers, type FleetHost } from './window-calls.ts';
export { ProfileBook, type NewProfile, type ProfileChange } from './profile-book.ts';
