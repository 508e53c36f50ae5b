/** Functions that PyTorch has removed, which say what to call instead (`torch/_linalg_utils.py`). */
import { bind, signature } from '../call';
import { TorchError } from '../native';

const gone = 'This function was deprecated since version 1.9 and is now removed.';

const messages = {
  matrix_rank:
    `${gone}\nPlease use the \`torch.linalg.matrix_rank\` function instead. ` +
    "The parameter 'symmetric' was renamed in `torch.linalg.matrix_rank()` to 'hermitian'.",
  solve:
    `${gone} \`torch.solve\` is deprecated in favor of \`torch.linalg.solve\`. \`torch.linalg.solve\` has its ` +
    'arguments reversed and does not return the LU factorization.\n\nTo get the LU factorization see `torch.lu`, ' +
    'which can be used with `torch.lu_solve` or `torch.lu_unpack`.\nX = torch.solve(B, A).solution should be ' +
    'replaced with:\nX = torch.linalg.solve(A, B)',
  lstsq:
    `${gone} \`torch.lstsq\` is deprecated in favor of \`torch.linalg.lstsq\`.\n\`torch.linalg.lstsq\` has reversed ` +
    'arguments and does not return the QR decomposition in the returned tuple (although it returns other ' +
    'information about the problem).\n\nTo get the QR decomposition consider using `torch.linalg.qr`.\n\nThe ' +
    'returned solution in `torch.lstsq` stored the residuals of the solution in the last m - n columns of the ' +
    "returned value whenever m > n. In torch.linalg.lstsq, the residuals are in the field 'residuals' of the " +
    'returned named tuple.\n\nThe unpacking of the solution, as in\nX, _ = torch.lstsq(B, A).solution[:A.size(1)]\n' +
    'should be replaced with:\nX = torch.linalg.lstsq(A, B).solution',
  symeig:
    `${gone} The default behavior has changed from using the upper triangular portion of the matrix by default to ` +
    'using the lower triangular portion.\n\nL, _ = torch.symeig(A, upper=upper) should be replaced with:\n' +
    "L = torch.linalg.eigvalsh(A, UPLO='U' if upper else 'L')\n\nand\n\nL, V = torch.symeig(A, eigenvectors=True) " +
    "should be replaced with:\nL, V = torch.linalg.eigh(A, UPLO='U' if upper else 'L')",
  eig:
    `${gone} \`torch.linalg.eig\` returns complex tensors of dtype \`cfloat\` or \`cdouble\` rather than real tensors ` +
    'mimicking complex tensors.\n\nL, _ = torch.eig(A) should be replaced with:\nL_complex = torch.linalg.eigvals(A)' +
    '\n\nand\n\nL, V = torch.eig(A, eigenvectors=True) should be replaced with:\n' +
    'L_complex, V_complex = torch.linalg.eig(A)',
} as const;

/** What says so. */
export const removed = (name: keyof typeof messages): TorchError => new TorchError(messages[name]);

/** A function that only says so, but of calls that it would have taken. */
function refusal(name: keyof typeof messages, parameters: readonly string[], required: number, caller: string = name) {
  const to = signature(caller, parameters, required);
  return (...args: unknown[]): never => {
    bind(to, args);
    throw removed(name);
  };
}

/** @deprecated Removed; `linalg.matrix_rank` is what to call. */
export const matrix_rank = refusal('matrix_rank', ['input', 'tol', 'symmetric', '*', 'out'], 1);

/** @deprecated Removed; `linalg.solve` is what to call. */
export const solve = refusal('solve', ['input', 'A', '*', 'out'], 2);

/** @deprecated Removed; `linalg.lstsq` is what to call. */
export const lstsq = refusal('lstsq', ['input', 'A', '*', 'out'], 2);

/** @deprecated Removed; `linalg.eigh` and `linalg.eigvalsh` are what to call. */
export const symeig = refusal('symeig', ['input', 'eigenvectors', 'upper', '*', 'out'], 1, '_symeig');

/** @deprecated Removed; `linalg.eig` and `linalg.eigvals` are what to call. */
export const eig = refusal('eig', ['self', 'eigenvectors', '*', 'e', 'v'], 1);
