/** What rooms beside the wall need of the operating system: its errors, locks. */
export * from './errors';
export * from './lock';
