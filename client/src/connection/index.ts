export { waitUntilUp } from './wait-until-up.ts';
