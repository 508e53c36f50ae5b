/** Second names of operators: of old for sparse matrix products, and Python's private one. */
export {
  hspmm as hsmm,
  mm as dsmm,
  mm as spmm,
  segment_reduce as _segment_reduce,
  sspaddmm as saddmm,
} from '../generated/functions';
