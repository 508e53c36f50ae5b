/**
 * Device that tests and proofs compute on, from ISOTORCH_TEST_DEVICE; undefined where nothing is said, which is the CPU as
 * it comes. python/device.py is the same for the other side.
 */
export const device = process.env.ISOTORCH_TEST_DEVICE || undefined;

/** Whether that device is a GPU. */
export const onGpu = device !== undefined && device !== 'cpu';

/** Deterministic algorithms where there is a device, as torch has it where there is none. @param {any} torch isotorch */
export function determine(torch) {
  torch.use_deterministic_algorithms(device !== undefined, { warn_only: device !== undefined });
}

/**
 * Settings under which two runs on one device give equal bits: deterministic algorithms wherever an operation has one, and no
 * TF32. Without a device nothing is set.
 * @param {any} torch isotorch
 */
export function settle(torch) {
  if (device === undefined) return;
  determine(torch);
  torch.backends.cuda.matmul.allow_tf32 = false;
  torch.backends.cudnn.allow_tf32 = false;
  torch.backends.cudnn.benchmark = false;
}

/** State of the device's default generator. @param {any} torch isotorch */
export const generatorState = (torch) => (onGpu ? torch.cuda.get_rng_state() : torch.get_rng_state());
