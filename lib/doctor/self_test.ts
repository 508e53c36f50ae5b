/** A program: loads isotorch, computes what is known, and prints what it found as JSON. `doctor` runs it, so that a crash is not its own. */
import * as torch from 'isotorch';
import { type Envelope, envelope } from 'isotorch/envelope';
import { bytesOf, known } from './known';

/** How one computation went. */
export interface TestResult {
  name: string;
  device: string;
  ok: boolean;
  /** What was wrong: the error, or the bytes beside those that are right. */
  detail?: string;
}

/** What the program prints. */
export interface SelfTest {
  version: string;
  threads: number;
  interop_threads: number;
  cpu_capability: string;
  cuda_available: boolean;
  gpus: string[];
  envelope: Envelope;
  results: TestResult[];
}

function run(device: string, { name, compute, bytes }: (typeof known)[number]): TestResult {
  try {
    const got = bytesOf(compute(device));
    return got === bytes
      ? { name, device, ok: true }
      : { name, device, ok: false, detail: `${got} instead of ${bytes}` };
  } catch (error) {
    return { name, device, ok: false, detail: (error as Error).message };
  }
}

function report(): SelfTest {
  const cuda = torch.cuda.is_available();
  const count = cuda ? torch.cuda.device_count() : 0;
  return {
    version: torch.__version__,
    threads: torch.get_num_threads(),
    interop_threads: torch.get_num_interop_threads(),
    cpu_capability: torch.backends.cpu.get_cpu_capability(),
    cuda_available: cuda,
    gpus: Array.from({ length: count }, (_, device) => torch.cuda.get_device_name(device)),
    envelope: envelope(),
    results: [
      ...known.map((row) => run('cpu', row)),
      ...(cuda ? known.filter(({ onCpuOnly }) => !onCpuOnly).map((row) => run('cuda', row)) : []),
    ],
  };
}

process.stdout.write(JSON.stringify(report()));
