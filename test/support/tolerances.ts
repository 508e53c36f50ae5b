/**
 * How far a result may be from a checked-in fixture, by dtype. Fixtures were made on another machine, whose libtorch
 * picks other kernels; where Python is at hand the live parity tests compare bits instead.
 */
export const tolerances: Record<string, { relative: number; absolute: number }> = {
  'torch.float64': { relative: 1e-12, absolute: 1e-12 },
  'torch.float32': { relative: 1e-5, absolute: 1e-6 },
  'torch.bfloat16': { relative: 1e-2, absolute: 1e-3 },
  'torch.int64': { relative: 0, absolute: 0 },
  'torch.uint8': { relative: 0, absolute: 0 },
};
