/** What a function ran in, put back when it runs again: generators, devices, autocast. */
import { autocast, is_autocast_available } from '../../amp';
import { get_autocast_dtype, is_autocast_cache_enabled, is_autocast_enabled } from '../../amp/inside';
import { isTensor, keep, type Tensor } from '../../memory';
import { default_generator, fork_rng, Generator } from '../../random';

/** Runs a body as it ran before. */
export type Surroundings = <T>(body: () => T) => T;

/** Devices other than the CPU on which the tensors are. */
function devicesOf(args: readonly unknown[]): string[] {
  const tensors = args.filter(isTensor) as unknown as Tensor[];
  const names = tensors.map(({ device }) => device).filter(({ type }) => type !== 'cpu' && type !== 'meta');
  return [...new Set(names.map(String))];
}

function autocastOf(device_type: string): Surroundings {
  if (!is_autocast_available(device_type)) return (body) => body();
  const options = {
    enabled: is_autocast_enabled(device_type),
    dtype: get_autocast_dtype(device_type),
    cache_enabled: is_autocast_cache_enabled(),
  };
  return (body) => autocast(device_type, options, body);
}

/** The surroundings of this moment. The generators' states are among them where `preserve_rng_state` says so. */
export function surroundings(preserve_rng_state: boolean, args: readonly unknown[]): Surroundings {
  const devices = devicesOf(args);
  const kinds = [...new Set(devices.map((name) => name.split(':')[0]!))].filter((kind) => kind !== 'cpu');
  const casts = [...kinds, 'cpu'].map(autocastOf);
  const generators = preserve_rng_state ? [default_generator, ...devices.map((name) => Generator.default(name))] : [];
  const states = generators.map((generator) => keep(generator.get_state()));
  return (body) => {
    const run = casts.reduce<() => ReturnType<typeof body>>((inner, cast) => () => cast(inner), body);
    if (!preserve_rng_state) return run();
    return fork_rng(
      () => {
        for (const [i, generator] of generators.entries()) generator.set_state(states[i]!);
        return run();
      },
      { devices },
    );
  };
}
