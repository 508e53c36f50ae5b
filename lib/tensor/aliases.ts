/** Second names of operators, from the time when sparse tensors had functions of their own. */
export { hspmm as hsmm, mm as dsmm, mm as spmm, sspaddmm as saddmm } from '../generated/functions';
