/** Extreme eigenpairs of symmetric matrices, without derivatives (`torch/_lobpcg.py`). */
import { AssertionError, native, TorchError, ValueError } from '../../native';
import * as raw from '../../generated/functions';
import { float32, float64, numelOf, sameShape, sizeText } from '../../core';
import type { Tensor } from '../../memory';
import { floatingDtype } from '../../functional/inside';
import { columns, rows } from './orthogonalize';
import type { BooleanParameters, FloatParameters, IntegerParameters } from './parameters';
import { type LobpcgMethod, LobpcgWorker } from './worker';

export type { LobpcgMethod } from './worker';
export { LobpcgWorker } from './worker';

/** Arguments of LOBPCG; null stands for Python's default. */
export interface LobpcgArguments {
  A: Tensor;
  k: number | null;
  B: Tensor | null;
  X: Tensor | null;
  n: number | null;
  iK: Tensor | null;
  niter: number | null;
  tol: number | null;
  largest: boolean | null;
  method: LobpcgMethod | null;
  tracker: ((worker: LobpcgWorker) => void) | null;
  ortho_iparams: Partial<IntegerParameters> | null;
  ortho_fparams: Partial<FloatParameters> | null;
  ortho_bparams: Partial<BooleanParameters> | null;
}

function defaultTolerance(A: Tensor): number {
  const dtype = floatingDtype(A);
  const eps = dtype === float32 ? 1.2e-7 : dtype === float64 ? 2.23e-16 : undefined;
  if (eps === undefined) throw new TorchError(`lobpcg is not implemented for ${dtype}`);
  return native.pow(eps, 0.5);
}

function checkStart(X: Tensor, m: number, n: number, name: string): Tensor {
  if (X.ndim !== 2 || X.size(0) !== m || X.size(1) !== n) {
    throw new AssertionError(`${name} shape mismatch: got ${sizeText(X.shape)}, expected (${m}, ${n})`);
  }
  return X;
}

/** The `k` largest (or smallest) eigenvalues and their vectors, in as many matrices as A has. */
export function eigenpairs(given: LobpcgArguments): [E: Tensor, X: Tensor] {
  const { A, B, X, iK } = given;
  if (A.size(-2) !== A.size(-1)) throw new AssertionError(`A must be square, got shape ${sizeText(A.shape)}`);
  if (B !== null && !sameShape(A.shape, B.shape)) {
    throw new AssertionError(`A and B must have same shape, got ${sizeText(A.shape)} vs ${sizeText(B.shape)}`);
  }
  const options = { dtype: floatingDtype(A), device: A.device };
  const tol = given.tol ?? defaultTolerance(A);
  const m = A.size(-1);
  const k = given.k ?? X?.size(-1) ?? 1;
  const n = X?.size(-1) ?? given.n ?? k;
  if (m < 3 * n) {
    throw new ValueError(
      `LOBPCG algorithm is not applicable when the number of A rows (=${m}) is smaller than 3 x the number of ` +
        `requested eigenpairs (=${n})`,
    );
  }
  const method = given.method ?? 'ortho';
  const ortho = method === 'ortho';
  const iparams: IntegerParameters = {
    ...{ m, n, k, niter: given.niter ?? 1000, ortho_i_max: 3, ortho_j_max: 3 },
    ...(ortho ? given.ortho_iparams : null),
  };
  const fparams: FloatParameters = {
    ...{ tol, ortho_tol: tol, ortho_tol_drop: tol, ortho_tol_replace: tol },
    ...(ortho ? given.ortho_fparams : null),
  };
  const bparams: BooleanParameters = {
    ...{ largest: given.largest ?? true, ortho_use_drop: false },
    ...(ortho ? given.ortho_bparams : null),
  };
  const solve = (matrix: Tensor, mass: Tensor | null, start: Tensor): [Tensor, Tensor] => {
    const worker = new LobpcgWorker(matrix, mass, start, iK, iparams, fparams, bparams, method, given.tracker);
    worker.run();
    return [rows(worker.E, 0, k), columns(worker.X, 0, k)];
  };
  const random = (): Tensor => raw.randn([m, n], options);
  if (A.ndim === 2) return solve(A, B, checkStart(X ?? random(), m, n, 'X'));

  const batch = A.shape.slice(0, -2);
  const count = numelOf(batch);
  const each = (tensor: Tensor): Tensor => tensor.reshape([count, ...tensor.shape.slice(-2)]);
  const [As, Bs, Xs] = [each(A), B && each(B), X && each(X)];
  const E = raw.empty([count, k], options);
  const vectors = raw.empty([count, m, k], options);
  for (let i = 0; i < count; i++) {
    const start = checkStart(Xs?.select(0, i) ?? random(), m, n, 'X_');
    iparams.batch_index = i;
    const [values, basis] = solve(As.select(0, i), Bs?.select(0, i) ?? null, start);
    E.select(0, i).copy_(values);
    vectors.select(0, i).copy_(basis);
  }
  return [E.reshape([...batch, k]), vectors.reshape([...batch, m, k])];
}
