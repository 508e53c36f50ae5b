export * from './arithmetic';
export { format } from './format';
export * as math from './math';
export { repr, round } from './round';
export type { Real } from './real';
