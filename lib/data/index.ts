/** Data sets, and their batches: `isotorch/data`. */
export * from 'isotorch/utils/data';
export * from './idx';
export * from './mnist';
