/** What two envelopes say about the bits of results made under them. */
import type { Envelope } from './envelope';
import { portableVariables } from './settings';

/** Who can make a field equal: `isotorch repro`, the program by its switches, another libtorch, or another machine. */
type Remedy = 'repro' | 'switches' | 'libtorch' | 'machine';

/** A field that results depend on. */
interface Dependence<Name extends keyof Envelope = keyof Envelope> {
  field: Name;
  /** Whether other values were seen to give other bits, see docs/envelope.md; else they may. */
  certain: boolean;
  remedy: Remedy;
  /** The value in words. */
  words(value: Envelope[Name]): string;
}

const row = <Name extends keyof Envelope>(
  field: Name,
  certain: boolean,
  remedy: Remedy,
  words: Dependence<Name>['words'],
) => ({ field, certain, remedy, words }) as Dependence;

const onOff = (what: string) => (value: boolean) => `${what} ${value ? 'on' : 'off'}`;

/** In the order in which messages name them. What is not here does not matter, or is said by another field. */
const DEPENDENCES: readonly Dependence[] = [
  row('torch', true, 'libtorch', (version) => `torch ${version}`),
  row('git_version', false, 'libtorch', (hash) => `commit ${String(hash ?? 'unknown').slice(0, 8)}`),
  row('cpu', false, 'repro', (name) => name),
  row('cpu_capability', true, 'repro', (capability) => capability),
  row('onednn_isa', true, 'repro', (isa) => `oneDNN ${isa}`),
  row('mkl_cbwr', true, 'repro', (value) => (value === null ? 'MKL_CBWR not set' : `MKL_CBWR=${value}`)),
  row('num_threads', true, 'repro', (count) => (count === 1 ? '1 thread' : `${count} threads`)),
  row('mkldnn', true, 'switches', onOff('oneDNN')),
  row('mkldnn_deterministic', false, 'switches', onOff("oneDNN's determinism")),
  row('deterministic_algorithms', false, 'switches', onOff('deterministic algorithms')),
  row('flush_denormal', true, 'switches', onOff('flushing of denormal numbers')),
  row('float32_matmul_precision', false, 'switches', (name) => `float32 products '${name}'`),
  row('gpu', false, 'machine', (name) => name ?? 'no GPU'),
  row('cuda', false, 'libtorch', (version) => (version === null ? 'no CUDA' : `CUDA ${version}`)),
  row('cudnn', false, 'libtorch', (version) => (version === null ? 'no cuDNN' : `cuDNN ${version}`)),
  row('cuda_matmul_allow_tf32', false, 'switches', onOff('TF32 of products')),
  row('cudnn_allow_tf32', false, 'switches', onOff('TF32 of convolutions')),
  row('cudnn_benchmark', false, 'switches', onOff("cuDNN's benchmark")),
  row('cudnn_deterministic', false, 'switches', onOff("cuDNN's determinism")),
];

/** Switches that only kernels of a GPU look at. */
const OF_GPU = /^(cuda_|cudnn_)/;

/** Whether the processor's kind has no say, as under `isotorch repro`. */
function isPortable(one: Partial<Envelope>): boolean {
  const { ATEN_CPU_CAPABILITY, ONEDNN_MAX_CPU_ISA, MKL_CBWR } = portableVariables;
  return (
    one.cpu_capability === ATEN_CPU_CAPABILITY.toUpperCase() &&
    one.onednn_isa === ONEDNN_MAX_CPU_ISA &&
    one.mkl_cbwr === MKL_CBWR
  );
}

/** A difference between envelopes, in words. */
interface Difference {
  made: string;
  now: string;
  certain: boolean;
  remedy: Remedy;
}

function differencesOf(made: Partial<Envelope>, now: Envelope): Difference[] {
  const portable = isPortable(made) && isPortable(now);
  const onGpu = made.gpu != null && now.gpu != null;
  return DEPENDENCES.flatMap(({ field, certain, remedy, words }) => {
    const before = made[field];
    // Who wrote the envelope may not have known the field.
    if (before === undefined || before === now[field]) return [];
    if ((field === 'cpu' && portable) || (OF_GPU.test(field) && !onGpu)) return [];
    return [{ made: words(before), now: words(now[field]), certain, remedy }];
  });
}

/** The command under which this side would be as the other was made, or both can be. */
function reproCommand(made: Partial<Envelope>): string {
  const threads = made.num_threads === undefined || made.num_threads === 1 ? '' : ` --threads ${made.num_threads}`;
  return isPortable(made)
    ? `run with \`npx isotorch repro${threads} -- node …\``
    : 'run both with `npx isotorch repro -- node …`';
}

function remedies(made: Partial<Envelope>, found: readonly Difference[]): string[] {
  const needed = new Set(found.map(({ remedy }) => remedy));
  return [
    ...(needed.has('repro') ? [reproCommand(made)] : []),
    ...(needed.has('libtorch') ? [`use the same libtorch (${made.torch ?? 'unknown'})`] : []),
    ...(needed.has('switches') ? ['set the same switches'] : []),
    ...(needed.has('machine') ? ['compare on the same GPU'] : []),
  ];
}

/**
 * A clause that says why results made under the one envelope have other bits under the other, and what helps; undefined where
 * nothing is known to change them.
 *
 * @example
 * `made under AVX512, 1 thread; this is AVX2, 2 threads: bits cannot be equal; run both with …`
 */
export function envelopeDifference(made: Partial<Envelope>, now: Envelope): string | undefined {
  const found = differencesOf(made, now);
  if (found.length === 0) return undefined;
  const verdict = found.some(({ certain }) => certain) ? 'bits cannot be equal' : 'bits need not be equal';
  const listed = (side: 'made' | 'now') => found.map((difference) => difference[side]).join(', ');
  return `made under ${listed('made')}; this is ${listed('now')}: ${verdict}; ${remedies(made, found).join('; ')}`;
}

/** Reads an envelope that a file carries as JSON; undefined where the text is missing or none. */
export function parseEnvelope(text: string | undefined): Partial<Envelope> | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
