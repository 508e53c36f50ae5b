// The settings that are measured: variables of the environment, and what the programs are asked.

/** Where nothing is set, whatever this process was started with. */
export const UNSET = {
  ATEN_CPU_CAPABILITY: undefined,
  ONEDNN_MAX_CPU_ISA: undefined,
  DNNL_MAX_CPU_ISA: undefined,
  ONEDNN_CPU_ISA_HINTS: undefined,
  MKL_CBWR: undefined,
  MKL_ENABLE_INSTRUCTIONS: undefined,
  MKL_DYNAMIC: undefined,
  MKL_NUM_THREADS: undefined,
  OMP_NUM_THREADS: undefined,
  GLIBC_TUNABLES: undefined,
  ISOTORCH_REPRO: undefined,
};

const variable = (name, ...values) =>
  values.map((value) => ({ name: `\`${name}=${value}\``, env: { [name]: value }, request: { threads: 1 } }));

const asked = (name, request) => ({ name, env: {}, request: { threads: 1, ...request } });

/** @type {{ name: string, env: Record<string, string>, request: object }[]} the first is what others are compared with */
export const settings = [
  asked('1 thread, nothing set', {}),
  asked('the same again', {}),
  ...variable('ATEN_CPU_CAPABILITY', 'default', 'avx2', 'avx512'),
  ...variable('ONEDNN_MAX_CPU_ISA', 'SSE41', 'AVX', 'AVX2', 'AVX2_VNNI', 'AVX512_CORE', 'AVX512_CORE_BF16'),
  ...variable('ONEDNN_CPU_ISA_HINTS', 'PREFER_YMM'),
  ...variable('MKL_CBWR', 'COMPATIBLE', 'SSE4_2', 'AVX', 'AVX2', 'AVX512', 'AUTO', 'AVX2,STRICT'),
  ...variable('MKL_ENABLE_INSTRUCTIONS', 'AVX2'),
  ...variable('GLIBC_TUNABLES', 'glibc.cpu.hwcaps=-AVX2,-FMA,-AVX512F'),
  asked('2 threads', { threads: 2 }),
  asked('3 threads', { threads: 3 }),
  asked('`mkldnn.enabled = false`', { mkldnn: false }),
  asked('`mkldnn.deterministic = true`', { mkldnn_deterministic: true }),
  asked('`use_deterministic_algorithms`', { deterministic: true }),
  asked('`set_flush_denormal`', { flush_denormal: true }),
];
