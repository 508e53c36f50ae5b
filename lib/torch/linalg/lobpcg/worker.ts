/** One matrix's LOBPCG iterations (`torch/_lobpcg.py`, class LOBPCG), in Python's order of operations. */
import { AssertionError, native } from '../../native';
import * as raw from '../../generated/functions';
import * as linalg from '../../generated/linalg';
import type { Tensor } from '../../memory';
import { matmul, quadraticForm, symmetricEigen } from '../../functional/inside';
import { norm } from '../../functional';
import type { BooleanParameters, FloatParameters, IntegerParameters } from './parameters';
import { columns, orthogonalize, rayleighRitz, rows } from './orthogonalize';

/** Way to make blocks orthonormal. */
export type LobpcgMethod = 'basic' | 'ortho';

const number = (value: Tensor): number => Number(value.item());
const length = (value: Tensor): number => number(norm(value));

/** The state of the iterations, which a tracker sees after each of them. */
export class LobpcgWorker {
  /** Eigenvalues so far. */
  E: Tensor;
  /** Residuals A·X − B·X·E. */
  R: Tensor;
  /** The subspace that is searched: eigenvectors, their last changes, residuals. */
  readonly S: Tensor;
  /** Numbers of iterations: `istep`, `iterations_left`, `converged_count`, `converged_end`, `ortho_i`, `ortho_j`. */
  readonly ivars: Record<string, number> = { istep: 0 };
  /** Norms and errors. */
  readonly fvars: Record<string, number> = {};
  /** `rerr`: the error of each eigenpair. */
  readonly tvars: Record<string, Tensor> = {};
  /** `force_stop` ends the iterations. */
  readonly bvars: Record<string, boolean> = {};

  constructor(
    readonly A: Tensor,
    readonly B: Tensor | null,
    /** Eigenvectors so far. */
    public X: Tensor,
    /** Preconditioner. */
    readonly iK: Tensor | null,
    readonly iparams: IntegerParameters,
    readonly fparams: FloatParameters,
    readonly bparams: BooleanParameters,
    readonly method: LobpcgMethod,
    readonly tracker: ((worker: LobpcgWorker) => void) | null,
  ) {
    const { m, n } = iparams;
    const options = { dtype: X.dtype, device: X.device };
    this.E = raw.zeros([n], options);
    this.R = raw.zeros([m, n], options);
    this.S = raw.zeros([m, 3 * n], options);
  }

  /** Iterates until as many eigenpairs as wanted have converged, or the iterations are used up. */
  run(): void {
    do {
      this.#update();
      this.tracker?.(this);
    } while (!this.#isDone());
  }

  #isDone(): boolean {
    const { iterations_left, converged_count } = this.ivars as Record<string, number>;
    return Boolean(this.bvars.force_stop) || iterations_left === 0 || converged_count! >= this.iparams.k;
  }

  #update(): void {
    const { ivars, fvars } = this;
    if (ivars.istep === 0) {
      const inverse = native.pow(length(this.X), -1);
      fvars.X_norm = length(this.X);
      fvars.A_norm = length(matmul(this.A, this.X)) * inverse;
      fvars.B_norm = length(matmul(this.B, this.X)) * inverse;
      ivars.iterations_left = this.iparams.niter;
      ivars.converged_count = 0;
      ivars.converged_end = 0;
    }
    if (this.method === 'ortho') this.#updateOrtho();
    else this.#updateBasic();
    ivars.iterations_left! -= 1;
    ivars.istep! += 1;
  }

  #updateResidual(): void {
    this.R = matmul(this.A, this.X).sub(matmul(this.B, this.X).mul(this.E));
  }

  #updateConvergedCount(): number {
    const { E, X, R } = this;
    const { A_norm, B_norm } = this.fvars as { A_norm: number; B_norm: number };
    const scale = rows(E, 0, X.size(-1)).abs().mul(B_norm).add(A_norm);
    const rerr = norm(R, 2, [0]).div(norm(X, 2, [0]).mul(scale));
    const converged = rerr.lt(this.fparams.tol).tolist() as boolean[];
    const first = converged.indexOf(false);
    const count = first < 0 ? converged.length : first;
    const before = this.ivars.converged_count!;
    if (count < before) {
      throw new AssertionError(`the number of converged eigenpairs (was ${before}, got ${count}) cannot decrease`);
    }
    this.ivars.converged_count = count;
    this.tvars.rerr = rerr;
    return count;
  }

  /** Puts X, the last changes P and new directions W side by side into S. */
  #fill(P: Tensor | null, directions: (subspace: Tensor) => Tensor): void {
    const { n } = this.iparams;
    columns(this.S, 0, n).copy_(this.X);
    const width = n + (P?.size(-1) ?? 0);
    if (P !== null) columns(this.S, n, width).copy_(P);
    const W = directions(columns(this.S, 0, width));
    const end = width + W.size(-1);
    this.ivars.converged_end = end;
    columns(this.S, width, end).copy_(W);
  }

  #updateBasic(): void {
    const { n } = this.iparams;
    const { largest } = this.bparams;
    const first = this.ivars.istep === 0;
    const done = this.ivars.converged_count!;
    const S = first ? this.X : columns(this.S, done, this.ivars.converged_end!);
    const Ri = rayleighRitz(this.B, S);
    const M = quadraticForm(quadraticForm(this.A, S), Ri);
    const [E, Z] = symmetricEigen(M, largest);
    let P: Tensor | null = null;
    if (first) {
      this.X.copy_(S.matmul(Ri.matmul(Z)));
      this.E.copy_(E);
    } else {
      columns(this.X, done).copy_(S.matmul(Ri.matmul(columns(Z, 0, n - done))));
      rows(this.E, done).copy_(rows(E, 0, n - done));
      P = S.matmul(Ri.matmul(columns(Z, n, 2 * n - done)));
    }
    this.#updateResidual();
    const converged = this.#updateConvergedCount();
    this.#fill(P, () => matmul(this.iK, first ? this.R : columns(this.R, converged)));
  }

  #updateOrtho(): void {
    const { n } = this.iparams;
    const { largest } = this.bparams;
    if (this.ivars.istep === 0) {
      const Ri = rayleighRitz(this.B, this.X);
      const M = quadraticForm(quadraticForm(this.A, this.X), Ri);
      const [, Z] = symmetricEigen(M, largest);
      this.X = this.X.matmul(Ri.matmul(Z));
      this.#updateResidual();
      this.#updateConvergedCount();
      this.#fill(null, () => orthogonalize(this, this.R, this.X));
      return;
    }
    const done = this.ivars.converged_count!;
    const S = columns(this.S, done, this.ivars.converged_end!);
    const [E, Z] = symmetricEigen(quadraticForm(this.A, S), largest);
    const kept = n - done;
    columns(this.X, done).copy_(S.matmul(columns(Z, 0, kept)));
    rows(this.E, done).copy_(rows(E, 0, kept));
    const rest = columns(rows(Z, 0, kept), kept).transpose(-2, -1);
    const P = S.matmul(columns(Z, kept).matmul(linalg.qr(rest).Q));
    this.#updateResidual();
    const converged = this.#updateConvergedCount();
    this.#fill(P, (subspace) => orthogonalize(this, columns(this.R, converged), subspace));
  }
}
