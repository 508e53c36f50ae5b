/** Orthonormal blocks for LOBPCG (`torch/_lobpcg.py`). */
import { AssertionError, native, ValueError } from '../../native';
import * as raw from '../../generated/functions';
import * as linalg from '../../generated/linalg';
import type { Tensor } from '../../memory';
import { matmul, quadraticForm, symmetricEigen } from '../../functional/inside';
import type { Orthogonalizer } from './parameters';
import { norm } from '../../functional';

function part(tensor: Tensor, dim: number, from: number, to: number): Tensor {
  const size = tensor.size(dim);
  const [start, end] = [Math.min(from, size), Math.min(to, size)];
  return tensor.narrow(dim, start, Math.max(0, end - start));
}

/** `tensor[..., from:to]`. */
export const columns = (tensor: Tensor, from: number, to = Number.POSITIVE_INFINITY): Tensor =>
  part(tensor, -1, from, to);

/** `tensor[from:to]`. */
export const rows = (tensor: Tensor, from: number, to = Number.POSITIVE_INFINITY): Tensor => part(tensor, 0, from, to);

/** Ri such that S·Ri is orthonormal with respect to B. */
export function rayleighRitz(B: Tensor | null, S: Tensor): Tensor {
  const SBS = quadraticForm(B, S);
  const row = SBS.diagonal(0, -2, -1).pow(-0.5);
  const column = row.reshape([row.size(0), 1]);
  const R = linalg.cholesky(SBS.mul(row).mul(column), { upper: true });
  return linalg.solve_triangular(R, row.diag_embed(), { upper: true, left: false });
}

const where = (condition: Tensor): Tensor => raw.nonzero(condition).squeeze(1);

/** U made orthonormal with respect to B by its singular values; columns that vanish are dropped. */
function svqb(B: Tensor | null, given: Tensor, drop: boolean, tau: number): Tensor {
  let U = given;
  if (U.numel() === 0) return U;
  let UBU = quadraticForm(B, U);
  let d = UBU.diagonal(0, -2, -1);
  const nonzero = where(d.abs().ne(0));
  if (nonzero.size(0) < d.size(0)) {
    U = U.get(':', nonzero);
    if (U.numel() === 0) return U;
    UBU = quadraticForm(B, U);
    d = UBU.diagonal(0, -2, -1);
    const left = where(d.abs().ne(0)).size(0);
    if (left !== d.size(0)) throw new AssertionError(`expected nz[0] length ${d.size(0)}, got ${left}`);
  }
  let column = d.pow(-0.5).reshape([d.size(0), 1]);
  let [E, Z] = symmetricEigen(UBU.mul(column).mul(column.transpose(-2, -1)), false);
  const threshold = E.abs().max().mul(tau);
  if (drop) {
    const keep = where(E.gt(threshold));
    E = E.get(keep);
    Z = Z.get(':', keep);
    column = column.get(keep);
  } else {
    E.set(where(E.lt(threshold)), threshold);
  }
  return U.mul(column.transpose(-2, -1)).matmul(Z.mul(E.pow(-0.5)));
}

const number = (value: Tensor): number => Number(value.item());

/** U made orthonormal, and orthogonal to V, with respect to B. */
export function orthogonalize(worker: Orthogonalizer, given: Tensor, V: Tensor): Tensor {
  const { B, iparams, fparams, bparams, ivars, fvars } = worker;
  for (const name of Object.keys(fvars)) if (/^ortho_.*_rerr$/.test(name)) delete fvars[name];
  const BV_norm = norm(matmul(B, V));
  const Vt = V.transpose(-2, -1);
  let U = given;
  let BU = matmul(B, U);
  let VBU = Vt.matmul(BU);
  let i = 0;
  let j = 0;
  for (i = 0; i < iparams.ortho_i_max; i++) {
    U = U.sub(V.matmul(VBU));
    let drop = false;
    let tau = fparams.ortho_tol_drop;
    for (j = 0; j < iparams.ortho_j_max; j++) {
      if (bparams.ortho_use_drop) {
        U = svqb(B, U, drop, tau);
        drop = true;
        tau = fparams.ortho_tol_replace;
      } else {
        U = svqb(B, U, false, fparams.ortho_tol_replace);
      }
      if (U.numel() === 0) {
        ivars.ortho_i = i;
        ivars.ortho_j = j;
        return U;
      }
      BU = matmul(B, U);
      const UBU = U.transpose(-2, -1).matmul(BU);
      const size = norm(U);
      const BU_norm = norm(BU);
      const R = UBU.sub(raw.eye(UBU.size(-1), { device: UBU.device, dtype: UBU.dtype }));
      const rerr = number(norm(R)) * native.pow(number(BU_norm.mul(size)), -1);
      fvars[`ortho_UBUmI_rerr[${i}, ${j}]`] = rerr;
      if (rerr < fparams.ortho_tol) break;
    }
    VBU = Vt.matmul(BU);
    const rerr = number(norm(VBU)) * native.pow(number(BV_norm.mul(norm(U))), -1);
    fvars[`ortho_VBU_rerr[${i}]`] = rerr;
    if (rerr < fparams.ortho_tol) break;
    if (iparams.m < U.size(-1) + V.size(-1)) {
      if (B === null) throw new AssertionError('B must not be None');
      throw new ValueError(
        `Overdetermined shape of U: #B-cols(=${B.size(-1)}) >= #U-cols(=${U.size(-1)}) + #V-cols(=${V.size(-1)}) must hold`,
      );
    }
  }
  // Python's loops leave their variables at the last value, not past it.
  ivars.ortho_i = Math.min(i, iparams.ortho_i_max - 1);
  ivars.ortho_j = Math.min(j, iparams.ortho_j_max - 1);
  return U;
}
