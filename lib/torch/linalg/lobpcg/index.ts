/** `torch.lobpcg`, with its derivatives (`torch/_lobpcg.py`). */
import { ValueError } from '../../native';
import { eigenpairs, type LobpcgArguments, type LobpcgMethod, type LobpcgWorker } from './eigenpairs';
import * as raw from '../../generated/functions';
import * as linalg from '../../generated/linalg';
import { Generator } from '../../random';
import type { Tensor } from '../../memory';
import { pythonFunction } from '../../call';
import { AutogradFunction, type FunctionCtx } from '../../autograd/inside';

const transposed = (matrix: Tensor): Tensor => matrix.transpose(-2, -1);

/** Gradient by A of eigenpairs (D, U) that are all there are. */
function completeBackward(D_grad: Tensor, U_grad: Tensor, D: Tensor, U: Tensor): Tensor {
  const F = D.unsqueeze(-2).sub(D.unsqueeze(-1));
  F.diagonal(0, -2, -1).fill_(Number.POSITIVE_INFINITY);
  F.pow_(-1);
  const Ut = transposed(U).contiguous();
  return U.matmul(raw.diag_embed(D_grad).add(Ut.matmul(U_grad).mul(F)).matmul(Ut));
}

/** Coefficients of the polynomials with these roots, the constant one first. */
function coefficients(roots: Tensor): Tensor {
  const order = roots.size(-1);
  let result = roots.new_zeros([...roots.shape.slice(0, -1), order + 2]);
  result.select(-1, 0).fill_(1);
  result.select(-1, -1).fill_(1);
  for (let i = 1; i <= order; i++) {
    const next = roots.requires_grad ? result.clone() : result;
    next.narrow(-1, order - i, i + 1).sub_(roots.narrow(-1, i - 1, 1).mul(result.narrow(-1, order - i + 1, i + 1)));
    result = next;
  }
  return result.narrow(-1, 1, order + 1);
}

/** Horner's scheme: from the last coefficient but one down to the first. */
function horner(polynomial: Tensor, start: Tensor, step: (value: Tensor, coefficient: Tensor) => Tensor): Tensor {
  let value = start.clone();
  for (let i = polynomial.size(-1) - 2; i >= 0; i--) value = step(value, polynomial.select(-1, i));
  return value;
}

function atMatrix(polynomial: Tensor, x: Tensor): Tensor {
  const size = x.size(-1);
  const ones = new Array<number>(x.ndim - 2).fill(1);
  const identity = raw.eye(size, size, { dtype: x.dtype, device: x.device }).view([...ones, size, size]);
  return horner(polynomial, identity, (value, coefficient) => {
    const next = x.matmul(value);
    next.diagonal(0, -2, -1).add_(coefficient.unsqueeze(-1));
    return next;
  });
}

function atVector(polynomial: Tensor, x: Tensor): Tensor {
  return horner(polynomial, x.new_ones([1]).expand(x.shape), (value, coefficient) =>
    raw.addcmul(coefficient.unsqueeze(-1), x, value),
  );
}

/** Gradient by A of some of its eigenpairs, from the polynomial that has their eigenvalues as roots. */
function partialBackward(D_grad: Tensor, U_grad: Tensor, A: Tensor, D: Tensor, U: Tensor, largest: boolean): Tensor {
  const Ut = transposed(U).contiguous();
  const projection = U.matmul(Ut).neg();
  projection.diagonal(0, -2, -1).add_(1);
  const rest = [...A.shape.slice(0, -1), A.size(-1) - D.size(-1)];
  const generator = new Generator(A.device);
  const complement = projection.matmul(raw.randn(rest, { dtype: A.dtype, device: A.device, generator }));
  const complementT = transposed(complement).contiguous();
  const polynomial = coefficients(D);
  let projected = U_grad;
  const series = U_grad.new_zeros(U_grad.shape);
  const degree = polynomial.size(-1) - 1;
  for (let k = 1; k <= degree; k++) {
    const value = atVector(polynomial.narrow(-1, k, degree + 1 - k), D);
    series.add_(projected.mul(value.unsqueeze(-2)));
    projected = A.matmul(projected);
  }
  const inside = complementT.matmul(atMatrix(polynomial, A).matmul(complement));
  const sign = largest && degree % 2 === 1 ? -1 : 1;
  const factor = linalg.cholesky(inside.mul(sign));
  const solved = raw.cholesky_solve(complementT.matmul(series), factor).mul(sign);
  return completeBackward(D_grad, U_grad, D, U).sub_(complement.matmul(solved).matmul(Ut));
}

type Context = FunctionCtx<[Tensor, Tensor | null, Tensor, Tensor]> & { largest?: boolean | null };

class LobpcgFunction extends AutogradFunction {
  static override forward(
    ctx: Context,
    A: Tensor,
    B: Tensor | null,
    others: Omit<LobpcgArguments, 'A' | 'B'>,
  ): [Tensor, Tensor] {
    const dense = (matrix: Tensor): Tensor => (matrix.is_sparse ? matrix : matrix.contiguous());
    const [a, b] = [dense(A), B && dense(B)];
    const [D, U] = eigenpairs({ ...others, A: a, B: b });
    ctx.save_for_backward(a, b, D, U);
    ctx.largest = others.largest;
    return [D, U];
  }

  static override backward(ctx: Context, D_grad: Tensor, U_grad: Tensor): [Tensor, null, null] {
    const [A, B, D, U] = ctx.saved_tensors;
    if (A.is_sparse || (B?.is_sparse && ctx.needs_input_grad[1])) {
      throw new ValueError('lobpcg.backward does not support sparse input yet. Note that lobpcg.forward does though.');
    }
    if (A.dtype.is_complex || B?.dtype.is_complex) {
      throw new ValueError('lobpcg.backward does not support complex input yet. Note that lobpcg.forward does though.');
    }
    if (B !== null) throw new ValueError('lobpcg.backward does not support backward with B != I yet.');
    const gradient =
      U.size(-1) === U.size(-2)
        ? completeBackward(D_grad, U_grad, D, U)
        : partialBackward(D_grad, U_grad, A, D, U, ctx.largest ?? true);
    return [gradient, null, null];
  }
}

/**
 * The `k` largest eigenvalues of symmetric positive definite generalized eigenvalue problems A·x = λ·B·x, and their
 * vectors, by LOBPCG. A may be sparse. Starts from X, or from random vectors of the default generator.
 *
 * @throws ValueError "LOBPCG algorithm is not applicable when the number of A rows … is smaller than 3 x …"
 * @see https://docs.pytorch.org/docs/stable/generated/torch.lobpcg.html
 */
export const lobpcg = pythonFunction(
  'lobpcg',
  [
    ...(['A', 'k', 'B', 'X', 'n', 'iK', 'niter', 'tol', 'largest', 'method', 'tracker'] as const),
    ...(['ortho_iparams', 'ortho_fparams', 'ortho_bparams'] as const),
  ],
  (
    A: Tensor,
    k: number | null = null,
    B: Tensor | null = null,
    X: Tensor | null = null,
    n: number | null = null,
    iK: Tensor | null = null,
    niter: number | null = null,
    tol: number | null = null,
    largest: boolean | null = null,
    method: LobpcgMethod | null = null,
    tracker: ((worker: LobpcgWorker) => void) | null = null,
    ortho_iparams: LobpcgArguments['ortho_iparams'] = null,
    ortho_fparams: LobpcgArguments['ortho_fparams'] = null,
    ortho_bparams: LobpcgArguments['ortho_bparams'] = null,
  ): [eigenvalues: Tensor, eigenvectors: Tensor] => {
    const others = { k, X, n, iK, niter, tol, largest, method, tracker, ortho_iparams, ortho_fparams, ortho_bparams };
    if (!A.requires_grad && !B?.requires_grad) return eigenpairs({ A, B, ...others });
    const symmetric = (matrix: Tensor): Tensor => matrix.add(transposed(matrix)).div(2);
    return LobpcgFunction.apply(symmetric(A), B && symmetric(B), others);
  },
);
