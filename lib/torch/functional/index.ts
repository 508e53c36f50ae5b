/** The functions of `torch` that Python writes in Python. */
export {
  atleast_1d,
  atleast_2d,
  atleast_3d,
  block_diag,
  broadcast_shapes,
  broadcast_tensors,
  cartesian_prod,
  type MeshgridOptions,
  meshgrid,
} from './broadcast';
export { type ContractedDims, chain_matmul, einsum, type Sublist, tensordot } from './contraction';
export { type LowRank, pca_lowrank, svd_lowrank } from './lowrank';
export { type LuResult, lu } from './lu';
export { type CdistMode, cdist, norm } from './norm';
export { type NonzeroResult, nonzero } from './nonzero';
export { split, unravel_index } from './shape';
export { stft } from './spectral';
export { type UniqueOptions, type UniqueResult, unique, unique_consecutive } from './unique';
