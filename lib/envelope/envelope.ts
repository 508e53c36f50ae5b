/** The numeric envelope: everything besides program and seed that decides about the bits of a result. */
import { arch, cpus } from 'node:os';
import * as torch from 'isotorch';
import { processorFlags } from './processor';

/** What bits depend on; plain data, the same in Python (`reference/python/envelope.py`). */
export interface Envelope {
  /** Version of libtorch, without the `+cpu` of Python's wheels. */
  torch: string;
  /** Commit that libtorch was built from. */
  git_version: string | null;
  /** The processor's name. */
  cpu: string;
  /** Instructions that PyTorch's own kernels use: `AVX512`, `AVX2` or `DEFAULT`. */
  cpu_capability: string;
  /** Instructions that oneDNN uses for float32, after its cap: `AVX512`, `AVX2`, `AVX` or `SSE41`. */
  onednn_isa: string;
  /** `ATEN_CPU_CAPABILITY`, null where it is not set; so for the next two. */
  aten_cpu_capability: string | null;
  onednn_max_cpu_isa: string | null;
  mkl_cbwr: string | null;
  num_threads: number;
  num_interop_threads: number;
  /** Whether oneDNN may be used. */
  mkldnn: boolean;
  mkldnn_deterministic: boolean;
  deterministic_algorithms: boolean;
  deterministic_warn_only: boolean;
  /** Whether numbers near zero that are not normal count as zero. */
  flush_denormal: boolean;
  float32_matmul_precision: string;
  /** TF32 of matrix products on CUDA. */
  cuda_matmul_allow_tf32: boolean;
  /** TF32 of convolutions on CUDA. */
  cudnn_allow_tf32: boolean;
  cudnn_benchmark: boolean;
  cudnn_deterministic: boolean;
  /** CUDA that libtorch was built for. */
  cuda: string | null;
  cudnn: number | null;
  /** Name of the current GPU. */
  gpu: string | null;
  /** Version of the C library, whose mathematics Python's plain numbers use. */
  glibc: string | null;
}

/** oneDNN's instruction sets for float32, least first, by the names that a cap of them may have. */
const ISAS: readonly [isa: string, caps: RegExp][] = [
  ['SSE41', /^SSE41$/],
  ['AVX', /^AVX$/],
  ['AVX2', /^AVX2(_|$)/],
  ['AVX512', /^(AVX512_|AVX10_)/],
];

function onednnIsa(cap: string | null): string {
  const flags = processorFlags();
  if (flags.size === 0) return arch();
  const has = (...names: string[]) => names.every((name) => flags.has(name));
  const own = has('avx512f', 'avx512bw', 'avx512vl', 'avx512dq') ? 3 : has('avx2') ? 2 : has('avx') ? 1 : 0;
  const allowed = ISAS.findIndex(([, caps]) => caps.test(cap?.toUpperCase() ?? ''));
  return ISAS[allowed < 0 ? own : Math.min(own, allowed)]![0];
}

let glibc: string | null | undefined;

function glibcVersion(): string | null {
  if (glibc === undefined) {
    // Else it would look up the names of all network addresses.
    Object.assign(process.report, { excludeNetwork: true });
    const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
    glibc = report.header?.glibcVersionRuntime ?? null;
  }
  return glibc;
}

const variable = (name: string): string | null => process.env[name] || null;

/** Whether a product that has no normal float32 becomes zero on this thread. */
function flushesDenormals(): boolean {
  const options = { dtype: torch.float32, device: 'cpu' };
  return torch.no_grad(() => torch.scope(() => torch.full([1], 1e-30, options).mul(1e-10).item() === 0));
}

/** The envelope of what this thread computes now. Costs some 20 ms at first. */
export function envelope(): Envelope {
  const { backends, cuda, version } = torch;
  const onednn_max_cpu_isa = variable('ONEDNN_MAX_CPU_ISA') ?? variable('DNNL_MAX_CPU_ISA');
  return {
    torch: torch.__version__.split('+')[0]!,
    git_version: version.git_version,
    cpu: cpus()[0]?.model.trim() ?? arch(),
    cpu_capability: backends.cpu.get_cpu_capability(),
    onednn_isa: onednnIsa(onednn_max_cpu_isa),
    aten_cpu_capability: variable('ATEN_CPU_CAPABILITY'),
    onednn_max_cpu_isa,
    mkl_cbwr: variable('MKL_CBWR'),
    num_threads: torch.get_num_threads(),
    num_interop_threads: torch.get_num_interop_threads(),
    mkldnn: backends.mkldnn.enabled,
    mkldnn_deterministic: backends.mkldnn.deterministic,
    deterministic_algorithms: torch.are_deterministic_algorithms_enabled(),
    deterministic_warn_only: torch.is_deterministic_algorithms_warn_only_enabled(),
    flush_denormal: flushesDenormals(),
    float32_matmul_precision: torch.get_float32_matmul_precision(),
    cuda_matmul_allow_tf32: backends.cuda.matmul.allow_tf32,
    cudnn_allow_tf32: backends.cudnn.allow_tf32,
    cudnn_benchmark: backends.cudnn.benchmark,
    cudnn_deterministic: backends.cudnn.deterministic,
    cuda: version.cuda,
    cudnn: backends.cudnn.version(),
    gpu: cuda.is_available() ? cuda.get_device_name() : null,
    glibc: glibcVersion(),
  };
}
