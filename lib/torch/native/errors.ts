/**
 * The error classes. Native code names a kind; this table is the only place that turns kinds into classes.
 *
 * JavaScript has two of Python's: TypeError is `TypeError`; IndexError, OverflowError and ZeroDivisionError are
 * `RangeError`. The rest derive from `TorchError`, which stands for Python's RuntimeError.
 */

/** An error libtorch reported (Python: RuntimeError). */
export class TorchError extends Error {
  override name = 'TorchError';
  /** The C++ stack, for bug reports, where the process runs with `TORCH_SHOW_CPP_STACKTRACES=1`; else empty. */
  cppStack = '';
}

/** A value outside what an operation accepts (Python: ValueError). */
export class ValueError extends TorchError {
  override name = 'ValueError';
}

/** A name that is not there, is taken, or cannot be one (Python: KeyError). */
export class KeyError extends TorchError {
  override name = 'KeyError';
}

/** Something that a function of PyTorch asserts does not hold (Python: AssertionError). */
export class AssertionError extends TorchError {
  override name = 'AssertionError';
}

/** libtorch could not allocate (Python: torch.OutOfMemoryError, or RuntimeError on CPU). */
export class OutOfMemoryError extends TorchError {
  override name = 'OutOfMemoryError';
}

/** A linear-algebra routine failed, for example on a singular matrix (Python: torch.linalg.LinAlgError). */
export class LinAlgError extends TorchError {
  override name = 'LinAlgError';
}

/** A call of an accelerator's own library failed (Python: torch.AcceleratorError). */
export class AcceleratorError extends TorchError {
  override name = 'AcceleratorError';
}

/** The operator does not exist for this dtype, device or libtorch (Python: NotImplementedError). */
export class NotImplementedError extends TorchError {
  override name = 'NotImplementedError';
}

/** What Python asserts before it calls libtorch. */
const ASSERTED = 'Torch not compiled with CUDA enabled';

const makers: Record<string, (message: string) => Error> = {
  torch: (message) => (message === ASSERTED ? new AssertionError(message) : new TorchError(message)),
  value: (message) => new ValueError(message),
  memory: (message) => new OutOfMemoryError(message),
  linalg: (message) => new LinAlgError(message),
  accelerator: (message) => new AcceleratorError(message),
  unsupported: (message) => new NotImplementedError(message),
  type: (message) => new TypeError(message),
  index: (message) => new RangeError(message),
};

/** Python's bindings translate these C++ names in messages; so do we. */
const typeNames = /\b(Sparse)?(CPU|CUDA)(Byte|Char|Double|Float|Half|Int|Long|Short)Type\b/g;

function pythonNames(message: string): string {
  return message.replace(typeNames, (_, sparse, device, element) => {
    return `torch.${device === 'CUDA' ? 'cuda.' : ''}${sparse ? 'sparse.' : ''}${element}Tensor`;
  });
}

/** Called by native code's one guard. */
export function makeError(kind: string, message: string, cppStack: string): Error {
  const error = (makers[kind] ?? makers.torch!)(pythonNames(message));
  if (error instanceof TorchError) {
    Object.defineProperty(error, 'cppStack', { value: cppStack, enumerable: false });
  }
  return error;
}
