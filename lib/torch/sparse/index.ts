/** `torch.sparse`. */
export { check_sparse_tensor_invariants } from './invariants';
export { addmm, log_softmax, mm, sampled_addmm, softmax, spdiags, spsolve, sum } from './operations';
