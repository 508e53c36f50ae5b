/** A report in words for the terminal. */
import type { Report } from './report';

const row = (label: string, text: string): string => `${label.padEnd(11)}${text}`;

/** A first line with its label, and the others below it. */
function rows(label: string, lines: readonly string[]): string[] {
  return lines.map((line, at) => row(at === 0 ? label : '', line));
}

function machineLines({ machine, running, driver }: Report): string[] {
  const { platform, arch, glibc, node, cpu, cores } = machine;
  const library = platform === 'linux' ? `, ${glibc === null ? 'no glibc' : `glibc ${glibc}`}` : '';
  const capability = running ? `, kernels for ${running.cpu_capability}` : '';
  const serves = driver?.cuda ? `runs CUDA ${driver.cuda}` : 'too old for CUDA 12';
  const gpus = driver?.gpus.map(({ name, capability: level }) =>
    level === undefined ? name : `${name} (capability ${level})`,
  );
  return [
    row('machine', `${platform} ${arch}${library}, Node ${node}`),
    row('processor', `${cpu}, ${cores} ${cores === 1 ? 'core' : 'cores'}${capability}`),
    row('driver', driver === null ? 'no NVIDIA driver' : `${driver.version}, ${serves} (from ${driver.source})`),
    ...(gpus !== undefined && gpus.length > 0 ? rows('GPUs', gpus) : []),
  ];
}

const kinds: Record<string, string> = {
  cache: 'an entry of the cache',
  python: 'the torch of a Python',
  archive: "PyTorch's archive for C++",
};

function libtorchLines({ libtorch, addon, candidates }: Report): string[] {
  const build = libtorch?.cuda === null ? 'CPU build' : `build for CUDA ${libtorch?.cuda || 'of unknown version'}`;
  const cuda = addon?.cuda_addon ? [`${addon.cuda_addon}, for CUDA graphs`] : [];
  return [
    ...(libtorch
      ? rows('libtorch', [`${libtorch.version}, ${build}, ${kinds[libtorch.kind] ?? libtorch.kind}`, libtorch.folder])
      : [row('libtorch', 'none')]),
    ...rows('addon', addon ? [`${addon.file}, for libtorch ${addon.minor}`, ...cuda] : ['none']),
    ...rows(
      'looked at',
      candidates.map(({ source, through, folder, version, problem }) => {
        const named = through === null ? source : `${source} (${through})`;
        const taken = libtorch?.folder === folder && libtorch.source === source ? ', taken' : '';
        return `${named}${folder === null ? '' : `: ${folder}`} ${problem ?? `is libtorch ${version}${taken}`}`;
      }),
    ),
  ];
}

function runningLines({ running, envelope, self_test }: Report): string[] {
  if (running === null) return [];
  const { threads, interop_threads, cuda_available, gpus } = running;
  const settings = Object.entries(envelope ?? {}).filter(([, value]) => value !== null);
  return [
    row('threads', `${threads} for an operation, ${interop_threads} between operations`),
    row('CUDA', cuda_available ? `available: ${gpus.join(', ')}` : 'not available'),
    ...rows(
      'envelope',
      settings.map(([name, value]) => `${name}: ${value}`),
    ),
    ...rows(
      'self-test',
      self_test.map(({ name, device, ok }) => `${name} on ${device}: ${ok ? 'right, bit for bit' : 'WRONG'}`),
    ),
  ];
}

/** The whole report, ending with what mends it. */
export function reportText(report: Report): string {
  const { problems, notes } = report;
  const lines = [
    row('isotorch', report.isotorch),
    ...machineLines(report),
    ...libtorchLines(report),
    ...runningLines(report),
    ...notes.map((note) => row('note', note)),
    '',
    ...problems.flatMap(({ problem, remedy }) => [`problem: ${problem}`, `  what mends it: ${remedy}`]),
    report.ok ? 'Training works here.' : 'Training does not work here.',
  ];
  return `${lines.join('\n')}\n`;
}
