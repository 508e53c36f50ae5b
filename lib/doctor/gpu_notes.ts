/** What is worth knowing of driver and libtorch together, though training works on the CPU. */
import { adviceFor, type Driver, driverProblem } from '../install';

/** What the notes depend on. */
export interface GpuFacts {
  /** Whether a libtorch is taken. */
  libtorch: boolean;
  /** CUDA that it was built for; undefined for the CPU build. */
  cuda: string | undefined;
  driver: Driver | undefined;
  /** Whether the self-test found CUDA available; undefined where it did not run. */
  available: boolean | undefined;
}

/** The notes, in sentences. */
export function gpuNotes({ libtorch, cuda, driver, available }: GpuFacts): string[] {
  if (!libtorch) return [];
  const best = adviceFor(driver).cuda;
  if (cuda === undefined) {
    if (best === undefined) return [];
    return [
      `there is an NVIDIA driver, and this libtorch is the CPU build: "npx isotorch install --cuda ${best}" fetches the other`,
    ];
  }
  const problem = driverProblem(cuda, driver);
  if (problem !== undefined) return [problem];
  if (available !== false) return [];
  return [
    'driver and libtorch fit, and still CUDA is not available: nvidia-smi says whether there is a GPU; CUDA_VISIBLE_DEVICES hides those that it does not name; a container needs its runtime (docker run --gpus all)',
  ];
}
