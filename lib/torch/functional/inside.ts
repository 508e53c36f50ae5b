/** What other rooms need of this one, and users do not see. */
export { commonShape } from './broadcast';
export { dimOrder } from './dim_order';
export { applyInPlace } from './elementwise';
export { floatingDtype, matmul, quadraticForm, symmetricEigen } from './linear_maps';
export { sym_int } from './symbolic';
