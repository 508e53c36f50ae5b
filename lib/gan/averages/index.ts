/** Averages of networks over training, and what sampling with them needs. */
export * from './ema';
export * from './standing_statistics';
