/**
 * Portable settings: those under which libtorch computes by the same code on every x86-64 machine that has AVX2. Knows nothing
 * of libtorch, which reads the environment when it starts.
 */

/** Environment variables and the values that do not depend on the processor. */
export const portableVariables = {
  /** Kernels of PyTorch itself. Not `default`: there even `randn` draws other numbers. */
  ATEN_CPU_CAPABILITY: 'avx2',
  /** Convolutions, by oneDNN. */
  ONEDNN_MAX_CPU_ISA: 'AVX2',
  /** Matrix products and linear algebra, by MKL: the one value that means the same on processors of every maker. */
  MKL_CBWR: 'COMPATIBLE',
} as const;

/** What the strict settings switch besides, in the program itself: there are no variables for it. */
export const strictVariable = { name: 'ISOTORCH_REPRO', value: 'strict' } as const;

/** The variables of a program under portable settings. */
export interface PortableSettings {
  /** Threads of one operation; both sides of a comparison need the same number. */
  threads: number;
  /** Also deterministic algorithms, and neither oneDNN, NNPACK nor TF32. */
  strict: boolean;
}

/** Environment variables for a program, by name. */
export function portableEnvironment({ threads, strict }: PortableSettings): Record<string, string> {
  return {
    ...portableVariables,
    OMP_NUM_THREADS: String(threads),
    // MKL's own number would win over OpenMP's.
    MKL_NUM_THREADS: String(threads),
    // Else it takes no more threads than there are cores, and PyTorch takes as many as MKL.
    MKL_DYNAMIC: 'FALSE',
    // What cuBLAS needs for deterministic products.
    ...(strict ? { CUBLAS_WORKSPACE_CONFIG: ':4096:8', [strictVariable.name]: strictVariable.value } : {}),
  };
}

/** Lines of Python that do in a program what `ISOTORCH_REPRO=strict` does here. */
export const strictPython = [
  'torch.use_deterministic_algorithms(True)',
  'torch.backends.mkldnn.enabled = False',
  'torch.backends.nnpack.set_flags(False)',
  'torch.backends.cudnn.deterministic = True',
  'torch.backends.cudnn.benchmark = False',
  'torch.backends.cudnn.allow_tf32 = False',
  'torch.backends.cuda.matmul.allow_tf32 = False',
] as const;
