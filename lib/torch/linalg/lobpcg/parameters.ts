/** Parameters of LOBPCG (`torch/_lobpcg.py`). */
import type { Tensor } from '../../memory';

/** Integer parameters: matrix size `m`, block size `n`, number of eigenpairs `k`, limits of iterations. */
export interface IntegerParameters {
  m: number;
  n: number;
  k: number;
  niter: number;
  ortho_i_max: number;
  ortho_j_max: number;
  batch_index?: number;
}

/** Tolerances. */
export interface FloatParameters {
  tol: number;
  ortho_tol: number;
  ortho_tol_drop: number;
  ortho_tol_replace: number;
}

/** Switches. */
export interface BooleanParameters {
  largest: boolean;
  ortho_use_drop: boolean;
}

/** Parameters and counters of the choice of an orthonormal block. */
export interface Orthogonalizer {
  readonly B: Tensor | null;
  readonly iparams: IntegerParameters;
  readonly fparams: FloatParameters;
  readonly bparams: BooleanParameters;
  readonly ivars: Record<string, number>;
  readonly fvars: Record<string, number>;
}
